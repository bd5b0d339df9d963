import { cloudFunction } from '../../shared/runtime/index.js'
import { aiCrop } from '../../shared/weixin/apis/img.js'

export const { main, handler, config } = cloudFunction(aiCrop)
