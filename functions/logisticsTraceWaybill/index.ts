import { cloudFunction } from '../../shared/runtime/index.js'
import { traceWaybill } from '../../shared/weixin/logistics.js'

export const { main, handler, config } = cloudFunction(traceWaybill)
