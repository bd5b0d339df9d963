import { cloudFunction } from '../../shared/runtime/index.js'
import { generate } from '../../shared/weixin/apis/urllink.js'

export const { main, handler, config } = cloudFunction(generate)
