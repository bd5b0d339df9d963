import { serverFunction } from '../../shared/runtime/index.js'
import { getMonthlyRetain } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getMonthlyRetain)
