import { serverFunction } from '../../shared/runtime/index.js'
import { queryFollowTrace } from '../../shared/weixin/logistics.js'

export const { main, handler, config } = serverFunction(queryFollowTrace)
