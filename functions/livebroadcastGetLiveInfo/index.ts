import { cloudFunction } from '../../shared/runtime/index.js'
import { getLiveInfo } from '../../shared/weixin/apis/livebroadcast.js'

export const { main, handler, config } = cloudFunction(getLiveInfo)
