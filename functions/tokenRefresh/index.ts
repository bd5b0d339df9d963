import { timerFunction } from '../../shared/runtime/index.js'
import { refreshTokens } from '../../shared/weixin/token/refreshTokens.js'

export const { main, handler, config } = timerFunction(refreshTokens, { every: '5m', timeout: 60 })
