import type { CollectionKey } from '../collections.js'
import type { Page, PageEnd, PageRequest } from '../lists/port.js'
import type { DueEvent, NoticeRecord, OrderRecord } from '../paymentPort.js'

/** How far the work is that is done a little at a time. Times are milliseconds. */
export interface UpkeepState {
  /** When what has an end is looked for again. */
  pruneAt: number
  /** When that was written. */
  plannedAt: number
  /** What counts as the present in this round: days that are over are reckoned from it. */
  present: number
  /** Which part of the round is next, and where in it. */
  part: number
  after?: PageEnd
  /** Where the one look through all orders is, the newest first; `done` once it is over. */
  looked?: PageEnd | 'done'
  /** The same for notices. */
  lookedNotices?: PageEnd | 'done'
  /** Somebody is at it until then. */
  busyUntil: number
  rev: number
}

export type Expiring = Extract<CollectionKey, 'sessions' | 'counters' | 'codes' | 'refused'>

/**
 * An order or a notice as it is kept. `isCurrent` is false where an older program wrote it, which put other fields beside
 * it than there are indexes for now: no list finds it by those.
 */
export type Written = DueEvent['source'] & { isCurrent: boolean }

/** What is kept has an end: how it is found, by an index, and forgotten, at most `limit` documents at a time. */
export interface UpkeepStore {
  state(): Promise<UpkeepState | undefined>
  /** False when somebody else was faster. */
  save(state: UpkeepState): Promise<boolean>
  /** What ended by itself before `before`. Answers how many were forgotten; 0 where the database does so by itself. */
  forgetExpired(collection: Expiring, before: number, limit: number): Promise<number>
  /** Refused messages that came before `before`. */
  forgetRefused(before: number, limit: number): Promise<number>
  /** Tokens that ended before `before`: of applications that nobody uses here any more. */
  forgetTokens(before: number, limit: number): Promise<number>
  /** Forgets a notice, unless it changed since it was read. */
  forgetNotice(notice: NoticeRecord): Promise<void>
  /** All orders or notices, the newest first. */
  written(kind: Written['kind'], page: PageRequest): Promise<Page<Written>>
  /** Orders with an event that was delivered before `before`. */
  ordersDeliveredBefore(before: number, limit: number): Promise<OrderRecord[]>
}
