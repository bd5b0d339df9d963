import { serverFunction } from '../../shared/runtime/index.js'
import { getMonthlyRetain } from '../../shared/weixin/analysis.js'

export const { main, handler, config } = serverFunction(getMonthlyRetain)
