import { eventDispatch } from '../../shared/payment/operations/eventDispatch.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(eventDispatch, { every: '1m', timeout: 60 })
