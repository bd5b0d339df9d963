import { serverFunction } from '../../shared/runtime/index.js'
import { getWeeklyVisitTrend } from '../../shared/weixin/analysis.js'

export const { main, handler, config } = serverFunction(getWeeklyVisitTrend)
