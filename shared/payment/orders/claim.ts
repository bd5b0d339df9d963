import type { DueEvent, NoticeRecord, OrderRecord } from '../../store/port.js'
import type { OrderTrigger } from './states.js'

export type Verdict = NonNullable<NoticeRecord['verdict']>

/** Whose word it is, how it came here, and what it says as it came. */
export interface Provenance {
  provider: string
  merchantId: string
  by: OrderTrigger
  /** As the store keeps it. */
  evidence: string
  /** Milliseconds. */
  at: number
}

/** What an authentic word means for the order it is about. */
export interface Claim {
  kind: NoticeRecord['kind']
  /** What sets it apart from all others of its kind; absent where saying it again changes nothing. */
  unique?: string
  outTradeNo: string
  /** For the events about it: plain JSON. */
  facts: object
  /** Whether it can be true of this order. */
  agrees(order: OrderRecord): boolean
  /** What was to be expected of it, where it cannot. */
  expected(order: OrderRecord): object
  /** The order as it is then; undefined when nothing in it changes. */
  after(order: OrderRecord): OrderRecord | undefined
}

/** `received`: a refund notice that proves nothing is kept, and will be confirmed. */
export type NoticeVerdict = Verdict | 'received'

/** What a claim led to. `eventSource` is the document in which this very call put an event to deliver. */
export interface ApplyOutcome<Reached extends NoticeVerdict = Verdict> {
  verdict: Reached
  eventSource?: DueEvent['source']
}
