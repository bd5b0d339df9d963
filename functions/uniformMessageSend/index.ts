import { serverFunction } from '../../shared/runtime/index.js'
import { send } from '../../shared/weixin/apis/uniformMessage.js'

export const { main, handler, config } = serverFunction(send)
