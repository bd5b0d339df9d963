import { subscribeMessageSend } from '../../shared/platform/apis.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(subscribeMessageSend)
