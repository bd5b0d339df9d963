import { cloudFunction } from '../../shared/runtime/index.js'
import { imgSecCheck } from '../../shared/weixin/security.js'

export const { main, handler, config } = cloudFunction(imgSecCheck)
