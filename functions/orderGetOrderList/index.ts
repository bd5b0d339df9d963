import { serverFunction } from '../../shared/runtime/index.js'
import { getOrderList } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(getOrderList)
