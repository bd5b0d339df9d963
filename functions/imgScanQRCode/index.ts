import { cloudFunction } from '../../shared/runtime/index.js'
import { scanQRCode } from '../../shared/weixin/apis/img.js'

export const { main, handler, config } = cloudFunction(scanQRCode)
