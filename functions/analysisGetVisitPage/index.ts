import { serverFunction } from '../../shared/runtime/index.js'
import { getVisitPage } from '../../shared/weixin/apis/analysis.js'

export const { main, handler, config } = serverFunction(getVisitPage)
