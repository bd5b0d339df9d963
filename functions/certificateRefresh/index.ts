import { certificateRefresh } from '../../shared/payment/operations/certificateRefresh.js'
import { timerFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = timerFunction(certificateRefresh, { every: '12h', timeout: 60 })
