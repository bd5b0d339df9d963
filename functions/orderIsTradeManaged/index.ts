import { serverFunction } from '../../shared/runtime/index.js'
import { isTradeManaged } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(isTradeManaged)
