import { serverFunction } from '../../shared/runtime/index.js'
import { getMonthlyVisitTrend } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getMonthlyVisitTrend)
