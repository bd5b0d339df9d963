import { serverFunction } from '../../shared/runtime/index.js'
import { getOrder } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(getOrder)
