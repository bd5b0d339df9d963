import { serverFunction } from '../../shared/runtime/index.js'
import { setMsgJumpPath } from '../../shared/weixin/apis/order.js'

export const { main, handler, config } = serverFunction(setMsgJumpPath)
