import { serverFunction } from '../../shared/runtime/index.js'
import { getUserPortrait } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getUserPortrait)
