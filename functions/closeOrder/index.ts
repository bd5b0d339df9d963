import { closeOrder } from '../../shared/payment/operations/closeOrder.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(closeOrder)
