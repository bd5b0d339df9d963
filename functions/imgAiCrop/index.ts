import { cloudFunction } from '../../shared/runtime/index.js'
import { aiCrop } from '../../shared/weixin/img.js'

export const { main, handler, config } = cloudFunction(aiCrop)
