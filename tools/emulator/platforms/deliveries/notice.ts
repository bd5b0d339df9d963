import type { Fault } from '../faults.js'
import type { NoticeAnswer, NoticeMessage } from './deliverer.js'

/** A message to a merchant that is repeated until it is understood. */
export interface Notice {
  /** What faults aim at, such as `weixin-pay-v2.notice`. */
  api: string
  orderNo: string
  /** `out_refund_no`, when it tells of a refund. */
  refundNo?: string
  url: string
  /** Milliseconds from one failed attempt to the next; when they are used up, the platform gives up. */
  waits: readonly number[]
  compose(fault: Fault | undefined): NoticeMessage
  /** Whether the merchant has said, in the platform's own words, that it understood. */
  understood(answer: NoticeAnswer): boolean
}

export interface Attempt {
  /** Milliseconds since the epoch. */
  at: number
  understood: boolean
  status?: number
  answer?: string
  error?: string
  fault?: Fault
}

export interface Delivery {
  readonly id: number
  readonly api: string
  readonly orderNo: string
  readonly refundNo?: string
  readonly url: string
  /** `held`: a fault keeps it back until another notice has been sent. */
  state: 'waiting' | 'held' | 'delivered' | 'given up'
  /** When the next attempt is due; milliseconds since the epoch. */
  dueAt: number
  readonly attempts: Attempt[]
}
