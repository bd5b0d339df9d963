import { billReconcile } from '../../shared/payment/reconcile/billReconcile.js'
import { timerFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = timerFunction(billReconcile, {
  ...{ every: '1d', at: '10:30' },
  ...{ timeout: 60, memory: 512 },
})
