import { serverFunction } from '../../shared/runtime/index.js'
import { getAccessToken } from '../../shared/weixin/auth.js'

export const { main, handler, config } = serverFunction(getAccessToken)
