import { certificateRefresh } from '../../shared/payment/weixin-v3/keys/certificateRefresh.js'
import { timerFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = timerFunction(certificateRefresh, { every: '12h', timeout: 60 })
