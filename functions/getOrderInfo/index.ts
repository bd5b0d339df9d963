import { getOrderInfo } from '../../shared/payment/operations/getOrderInfo.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(getOrderInfo)
