import { serverFunction } from '../../shared/runtime/index.js'
import { getAccessToken } from '../../shared/weixin/apis/auth.js'

export const { main, handler, config } = serverFunction(getAccessToken)
