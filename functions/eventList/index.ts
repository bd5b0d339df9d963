import { eventList } from '../../shared/payment/operations/records/eventList.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(eventList)
