import { cloudFunction } from '../../shared/runtime/index.js'
import { generate } from '../../shared/weixin/apis/urlscheme.js'

export const { main, handler, config } = cloudFunction(generate)
