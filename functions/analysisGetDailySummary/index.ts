import { serverFunction } from '../../shared/runtime/index.js'
import { getDailySummary } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getDailySummary)
