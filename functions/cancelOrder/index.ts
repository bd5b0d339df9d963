import { cancelOrder } from '../../shared/payment/operations/cancelOrder.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(cancelOrder)
