import { cloudFunction } from '../../shared/runtime/index.js'
import { isTradeManaged } from '../../shared/weixin/order.js'

export const { main, handler, config } = cloudFunction(isTradeManaged)
