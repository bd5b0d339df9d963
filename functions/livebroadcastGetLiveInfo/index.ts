import { cloudFunction } from '../../shared/runtime/index.js'
import { getLiveInfo } from '../../shared/weixin/livebroadcast.js'

export const { main, handler, config } = cloudFunction(getLiveInfo)
