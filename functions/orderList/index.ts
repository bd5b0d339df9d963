import { orderList } from '../../shared/payment/operations/records/orderList.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(orderList)
