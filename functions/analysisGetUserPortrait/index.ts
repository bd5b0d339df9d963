import { cloudFunction } from '../../shared/runtime/index.js'
import { getUserPortrait } from '../../shared/weixin/analysis.js'

export const { main, handler, config } = cloudFunction(getUserPortrait)
