import { cloudFunction } from '../../shared/runtime/index.js'
import { msgSecCheck } from '../../shared/weixin/security.js'

export const { main, handler, config } = cloudFunction(msgSecCheck)
