import { request } from '../../shared/platform/request.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(request)
