import { cloudFunction } from '../../shared/runtime/index.js'
import { getOrder } from '../../shared/weixin/order.js'

export const { main, handler, config } = cloudFunction(getOrder)
