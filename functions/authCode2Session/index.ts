import { cloudFunction } from '../../shared/runtime/index.js'
import { login } from '../../shared/weixin/login.js'

export const { main, handler, config } = cloudFunction(login)
