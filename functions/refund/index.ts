import { refund } from '../../shared/payment/operations/refund.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(refund)
