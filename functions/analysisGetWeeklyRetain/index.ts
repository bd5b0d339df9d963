import { serverFunction } from '../../shared/runtime/index.js'
import { getWeeklyRetain } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getWeeklyRetain)
