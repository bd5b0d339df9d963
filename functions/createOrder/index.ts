import { createOrder } from '../../shared/payment/operations/createOrder.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(createOrder)
