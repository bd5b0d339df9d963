import { cloudFunction } from '../../shared/runtime/index.js'
import { generate } from '../../shared/weixin/urllink.js'

export const { main, handler, config } = cloudFunction(generate)
