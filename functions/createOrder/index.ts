import { createOrder } from '../../shared/payment/operations/createOrder.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(createOrder)
