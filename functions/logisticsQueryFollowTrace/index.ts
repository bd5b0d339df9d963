import { serverFunction } from '../../shared/runtime/index.js'
import { queryFollowTrace } from '../../shared/weixin/apis/logistics.js'

export const { main, handler, config } = serverFunction(queryFollowTrace)
