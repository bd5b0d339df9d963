import { serverFunction } from '../../shared/runtime/index.js'
import { updateFollowWaybillGoods } from '../../shared/weixin/apis/logistics.js'

export const { main, handler, config } = serverFunction(updateFollowWaybillGoods)
