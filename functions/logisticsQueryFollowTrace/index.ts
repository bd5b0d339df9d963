import { cloudFunction } from '../../shared/runtime/index.js'
import { queryFollowTrace } from '../../shared/weixin/logistics.js'

export const { main, handler, config } = cloudFunction(queryFollowTrace)
