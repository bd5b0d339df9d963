import { cloudFunction } from '../../shared/runtime/index.js'
import { getMonthlyRetain } from '../../shared/weixin/analysis.js'

export const { main, handler, config } = cloudFunction(getMonthlyRetain)
