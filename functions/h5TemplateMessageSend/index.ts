import { serverFunction } from '../../shared/runtime/index.js'
import { templateMessageSend } from '../../shared/weixin/apis/h5.js'

export const { main, handler, config } = serverFunction(templateMessageSend)
