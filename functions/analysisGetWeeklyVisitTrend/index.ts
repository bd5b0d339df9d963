import { serverFunction } from '../../shared/runtime/index.js'
import { getWeeklyVisitTrend } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getWeeklyVisitTrend)
