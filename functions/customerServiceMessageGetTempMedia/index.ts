import { serverFunction } from '../../shared/runtime/index.js'
import { getTempMedia } from '../../shared/weixin/apis/customerServiceMessage.js'

export const { main, handler, config } = serverFunction(getTempMedia)
