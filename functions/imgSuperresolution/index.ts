import { cloudFunction } from '../../shared/runtime/index.js'
import { superresolution } from '../../shared/weixin/apis/img.js'

export const { main, handler, config } = cloudFunction(superresolution)
