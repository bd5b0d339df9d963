import { serverFunction } from '../../shared/runtime/index.js'
import { isTradeManaged } from '../../shared/weixin/order.js'

export const { main, handler, config } = serverFunction(isTradeManaged)
