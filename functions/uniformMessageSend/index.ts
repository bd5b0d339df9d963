import { serverFunction } from '../../shared/runtime/index.js'
import { send } from '../../shared/weixin/uniformMessage.js'

export const { main, handler, config } = serverFunction(send)
