import { serverFunction } from '../../shared/runtime/index.js'
import { getVisitDistribution } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getVisitDistribution)
