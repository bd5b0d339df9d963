import { serverFunction } from '../../shared/runtime/index.js'
import { getUserPortrait } from '../../shared/weixin/analysis.js'

export const { main, handler, config } = serverFunction(getUserPortrait)
