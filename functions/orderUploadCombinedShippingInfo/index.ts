import { serverFunction } from '../../shared/runtime/index.js'
import { uploadCombinedShippingInfo } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(uploadCombinedShippingInfo)
