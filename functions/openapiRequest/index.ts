import { serverFunction } from '../../shared/runtime/index.js'
import { request } from '../../shared/weixin/request.js'

export const { main, handler, config } = serverFunction(request)
