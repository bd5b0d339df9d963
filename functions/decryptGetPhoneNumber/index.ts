import { cloudFunction } from '../../shared/runtime/index.js'
import { getPhoneNumber } from '../../shared/weixin/decrypt.js'

export const { main, handler, config } = cloudFunction(getPhoneNumber)
