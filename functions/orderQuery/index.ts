import { orderQuery } from '../../shared/payment/operations/orderQuery.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(orderQuery)
