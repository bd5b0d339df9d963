import { eventDispatch } from '../../shared/payment/operations/eventDispatch.js'
import { timerFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = timerFunction(eventDispatch, { every: '1m', timeout: 60 })
