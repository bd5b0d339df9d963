import { refundQuery } from '../../shared/payment/operations/refundQuery.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(refundQuery)
