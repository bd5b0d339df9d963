import { serverFunction } from '../../shared/runtime/index.js'
import { send } from '../../shared/weixin/apis/customerServiceMessage.js'

export const { main, handler, config } = serverFunction(send)
