import { serverFunction } from '../../shared/runtime/index.js'
import { getDailySummary } from '../../shared/weixin/analysis.js'

export const { main, handler, config } = serverFunction(getDailySummary)
