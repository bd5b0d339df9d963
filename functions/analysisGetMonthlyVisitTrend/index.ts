import { cloudFunction } from '../../shared/runtime/index.js'
import { getMonthlyVisitTrend } from '../../shared/weixin/analysis.js'

export const { main, handler, config } = cloudFunction(getMonthlyVisitTrend)
