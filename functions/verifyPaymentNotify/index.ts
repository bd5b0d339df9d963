import { verifyPaymentNotify } from '../../shared/payment/operations/verifyPaymentNotify.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(verifyPaymentNotify, { timeout: 5 })
