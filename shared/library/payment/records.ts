import type { InputOf, Operation, OutputOf } from '../../operation/index.js'
import type { eventList } from '../../payment/operations/records/eventList.js'
import type { noticeList } from '../../payment/operations/records/noticeList.js'
import type { orderHistory } from '../../payment/operations/records/orderHistory.js'
import type { orderList } from '../../payment/operations/records/orderList.js'
import type { Instance } from '../instance.js'
import { callOperation, type LibraryAnswer } from '../methods.js'

type List<Op> = (given?: InputOf<Op>) => Promise<LibraryAnswer<OutputOf<Op>>>

/**
 * What the functions keep, read from the instance's `store`: of every merchant in it, unless `provider` and `mchId` say
 * which. Times are milliseconds since the epoch. MISSING_SETTING for an instance without a `store`.
 */
export interface RecordMethods {
  orderList: List<typeof orderList>
  /** ORDER_NOT_FOUND for an order that the functions did not make. */
  orderHistory(order: InputOf<typeof orderHistory>): Promise<LibraryAnswer<OutputOf<typeof orderHistory>>>
  noticeList: List<typeof noticeList>
  eventList: List<typeof eventList>
}

/** Each loads with its first call. */
export function recordMethods(instance: Instance): RecordMethods {
  const method = (load: () => Promise<unknown>) => async (given: unknown) =>
    callOperation(instance, (await load()) as Operation, given)
  const methods = {
    orderList: method(async () => (await import('../../payment/operations/records/orderList.js')).orderList),
    orderHistory: method(
      async () => (await import('../../payment/operations/records/orderHistory.js')).orderHistory,
    ),
    noticeList: method(
      async () => (await import('../../payment/operations/records/noticeList.js')).noticeList,
    ),
    eventList: method(async () => (await import('../../payment/operations/records/eventList.js')).eventList),
  }
  return methods as unknown as RecordMethods
}
