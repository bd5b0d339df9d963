import { verifyRefundNotify } from '../../shared/payment/operations/verifyNotify.js'
import { callbackFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = callbackFunction(verifyRefundNotify, { timeout: 5 })
