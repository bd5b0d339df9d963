import { serverFunction } from '../../shared/runtime/index.js'
import { uploadShippingInfo } from '../../shared/weixin/order.js'

export const { main, handler, config } = serverFunction(uploadShippingInfo)
