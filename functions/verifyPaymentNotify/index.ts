import { verifyPaymentNotify } from '../../shared/payment/operations/verifyPaymentNotify.js'
import { callbackFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = callbackFunction(verifyPaymentNotify, { timeout: 5 })
