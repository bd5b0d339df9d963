import { cloudFunction } from '../../shared/runtime/index.js'
import { get } from '../../shared/weixin/apis/wxacode.js'

export const { main, handler, config } = cloudFunction(get)
