import { login } from '../../shared/platform/login.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(login)
