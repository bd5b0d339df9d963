import { serverFunction } from '../../shared/runtime/index.js'
import { notifyConfirmReceive } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(notifyConfirmReceive)
