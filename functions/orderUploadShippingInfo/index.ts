import { serverFunction } from '../../shared/runtime/index.js'
import { uploadShippingInfo } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(uploadShippingInfo)
