import type { EventState } from '../eventPort.js'
import type { DueEvent, NoticeRecord, OrderRecord, OrderState } from '../paymentPort.js'

/** Where a page ended: the time and the id of its last record. Whatever is written afterwards, the next one begins there. */
export interface PageEnd {
  at: number
  id: string
}

/** What a list shows of all that meet its filter. Times are milliseconds. */
export interface PageRequest {
  /** At or after. */
  since?: number | undefined
  /** Before. */
  until?: number | undefined
  after?: PageEnd | undefined
  /** At most 100. */
  limit: number
}

/** What a list has, and where the next page begins; absent on the last one. */
export interface Page<R> {
  records: R[]
  end?: PageEnd
}

/** Which orders a list has; a merchant is named by both of its fields, or by none. */
export interface OrderFilter {
  provider?: string | undefined
  merchantId?: string | undefined
  openid?: string | undefined
  state?: OrderState | undefined
}

/** Which notices a list has. `received`: those that led to nothing yet. */
export interface NoticeFilter {
  provider?: string | undefined
  merchantId?: string | undefined
  outTradeNo?: string | undefined
  verdict?: NoticeRecord['verdict'] | 'received'
}

/** A message that was refused, as far as it is kept. */
export interface RefusedNotice {
  id: string
  provider: string
  /** Of those that were kept since there is the field; else it is not known. */
  merchantId?: string
  reason: string
  evidence: string
  at: number
}

/** What people and programs look through, a page at a time. */
export interface ListStore {
  /** By the time they were made, the newest first. */
  orders(filter: OrderFilter, page: PageRequest): Promise<Page<OrderRecord>>
  /** By the time they came, the newest first. */
  notices(filter: NoticeFilter, page: PageRequest): Promise<Page<NoticeRecord>>
  /** Of one kind by the time they came, the oldest first. */
  oldNotices(kind: NoticeRecord['kind'], page: PageRequest): Promise<Page<NoticeRecord>>
  /** Refused messages, the newest first: there are never many. */
  refused(): Promise<RefusedNotice[]>
  /**
   * Orders and notices that hold events, oldest first: by the newest of them, so that what moves while somebody reads on
   * is never passed over. With a state, those that hold such a one; what waits by when it is due.
   */
  eventHolders(state: EventState | undefined, page: PageRequest): Promise<Page<DueEvent['source']>>
}
