import { cloudFunction } from '../../shared/runtime/index.js'
import { createQRCode } from '../../shared/weixin/apis/wxacode.js'

export const { main, handler, config } = cloudFunction(createQRCode)
