import { getPhoneNumber } from '../../shared/platform/decrypt.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(getPhoneNumber)
