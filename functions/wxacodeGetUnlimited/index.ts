import { cloudFunction } from '../../shared/runtime/index.js'
import { getUnlimited } from '../../shared/weixin/wxacode.js'

export const { main, handler, config } = cloudFunction(getUnlimited)
