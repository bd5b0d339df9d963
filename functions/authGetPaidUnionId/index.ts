import { cloudFunction } from '../../shared/runtime/index.js'
import { getPaidUnionId } from '../../shared/weixin/auth.js'

export const { main, handler, config } = cloudFunction(getPaidUnionId)
