import { serverFunction } from '../../shared/runtime/index.js'
import { uploadTempMedia } from '../../shared/weixin/customerServiceMessage.js'

export const { main, handler, config } = serverFunction(uploadTempMedia)
