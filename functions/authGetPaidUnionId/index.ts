import { cloudFunction } from '../../shared/runtime/index.js'
import { getPaidUnionId } from '../../shared/weixin/apis/auth.js'

export const { main, handler, config } = cloudFunction(getPaidUnionId)
