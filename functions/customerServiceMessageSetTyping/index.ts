import { serverFunction } from '../../shared/runtime/index.js'
import { setTyping } from '../../shared/weixin/apis/customerServiceMessage.js'

export const { main, handler, config } = serverFunction(setTyping)
