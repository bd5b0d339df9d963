import { serverFunction } from '../../shared/runtime/index.js'
import { isTradeManagementConfirmationCompleted } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(isTradeManagementConfirmationCompleted)
