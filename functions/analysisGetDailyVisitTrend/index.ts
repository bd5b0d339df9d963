import { serverFunction } from '../../shared/runtime/index.js'
import { getDailyVisitTrend } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getDailyVisitTrend)
