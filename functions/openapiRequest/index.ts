import { cloudFunction } from '../../shared/runtime/index.js'
import { request } from '../../shared/weixin/request.js'

export const { main, handler, config } = cloudFunction(request)
