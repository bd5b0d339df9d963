import { cloudFunction } from '../../shared/runtime/index.js'
import { getUnlimited } from '../../shared/weixin/apis/wxacode.js'

export const { main, handler, config } = cloudFunction(getUnlimited)
