import { orderHistory } from '../../shared/payment/operations/records/orderHistory.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(orderHistory)
