import { serverFunction } from '../../shared/runtime/index.js'
import { notifyConfirmReceive } from '../../shared/weixin/order.js'

export const { main, handler, config } = serverFunction(notifyConfirmReceive)
