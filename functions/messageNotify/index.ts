import { messageNotify } from '../../shared/message/messageNotify.js'
import { callbackFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = callbackFunction(messageNotify, { timeout: 5 })
