import { serverFunction } from '../../shared/runtime/index.js'
import { getAllDelivery } from '../../shared/weixin/apis/logistics.js'

export const { main, handler, config } = serverFunction(getAllDelivery)
