import { serverFunction } from '../../shared/runtime/index.js'
import { opspecialorder } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(opspecialorder)
