import { serverFunction } from '../../shared/runtime/index.js'
import { uploadTempMedia } from '../../shared/weixin/apis/customerServiceMessage.js'

export const { main, handler, config } = serverFunction(uploadTempMedia)
