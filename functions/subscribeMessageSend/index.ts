import { send } from '../../shared/platform/subscribeMessage.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(send)
