import { serverFunction } from '../../shared/runtime/index.js'
import { traceWaybill } from '../../shared/weixin/apis/logistics.js'

export const { main, handler, config } = serverFunction(traceWaybill)
