import { callbackFunction } from '../../shared/runtime/index.js'
import { tokenGet } from '../../shared/weixin/token/tokenGet.js'

export const { main, handler, config } = callbackFunction(tokenGet)
