import { serverFunction } from '../../shared/runtime/index.js'
import { getDailyRetain } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getDailyRetain)
