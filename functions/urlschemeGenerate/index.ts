import { cloudFunction } from '../../shared/runtime/index.js'
import { generate } from '../../shared/weixin/urlscheme.js'

export const { main, handler, config } = cloudFunction(generate)
