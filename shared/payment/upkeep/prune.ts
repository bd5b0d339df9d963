import { DAY_MS } from '../../clock.js'
import { EXPIRY_GRACE_MS } from '../../store/collections.js'
import type { PageEnd } from '../../store/lists/port.js'
import type { NoticeRecord, OrderRecord, Store } from '../../store/port.js'
import { firstWaiting, stateOf } from '../../store/revisions.js'
import type { Expiring } from '../../store/upkeep/port.js'
import type { KeepDays } from './keepDays.js'

/** Documents looked at in one step. */
export const PAGE = 100

/** Tokens that ended so long ago belong to applications that nobody uses here any more. */
const TOKEN_DAYS = 30

/** Where the next step of a part begins; undefined when the part is over. */
export type Step = { after?: PageEnd } | undefined

/** One step of a part. `present`: the time from which days are reckoned, in milliseconds. */
type Part = (store: Store, present: number, days: KeepDays, after?: PageEnd) => Promise<Step>

/** Whether there may be more of what was just forgotten. */
const more = (forgotten: number): Step => (forgotten < PAGE ? undefined : {})

const expired =
  (collection: Expiring): Part =>
  async ({ upkeep }, present) =>
    more(await upkeep.forgetExpired(collection, present - EXPIRY_GRACE_MS, PAGE))

const notices =
  (kind: NoticeRecord['kind'], of: keyof KeepDays): Part =>
  async ({ lists, upkeep }, present, days, after) => {
    const until = present - days[of] * DAY_MS
    const { records, end } = await lists.oldNotices(kind, { until, after, limit: PAGE })
    await Promise.all(records.filter(isOver).map((notice) => upkeep.forgetNotice(notice)))
    return end && { after: end }
  }

/**
 * Whether nobody waits for a notice: nothing is left to confirm or to deliver, and what it tells was delivered. What was
 * given up goes with it only of a bill, whose report says the same. What people wrote goes even so: it belongs to a
 * merchant who has no EVENT_TARGET, or whose target is gone.
 */
function isOver({ kind, confirmAt, events }: NoticeRecord): boolean {
  if (kind === 'message') return true
  if (confirmAt !== undefined || firstWaiting(events) !== undefined) return false
  return kind === 'bill' || events.every((event) => stateOf(event) === 'delivered')
}

const events: Part = async ({ orders, upkeep }, present, days) => {
  const before = present - days.events * DAY_MS
  const found = await upkeep.ordersDeliveredBefore(before, PAGE)
  const written = await Promise.all(found.map((order) => orders.replace(withoutDelivered(order, before))))
  // Where somebody else wrote at this moment the next round does it.
  return written.includes(true) ? more(found.length) : undefined
}

const withoutDelivered = (order: OrderRecord, before: number): OrderRecord => ({
  ...order,
  events: order.events.filter(
    (event) => stateOf(event) !== 'delivered' || (event.endedAt ?? before) >= before,
  ),
})

/**
 * Everything that has an end. Orders, their refunds and history, reports of reconciliation and what they found, events
 * that were not delivered: none of these has.
 */
export const parts: readonly Part[] = [
  ...(['sessions', 'counters', 'codes', 'refused'] as const).map(expired),
  async ({ upkeep }, present, days) =>
    more(await upkeep.forgetRefused(present - days.refused * DAY_MS, PAGE)),
  async ({ upkeep }, present) => more(await upkeep.forgetTokens(present - TOKEN_DAYS * DAY_MS, PAGE)),
  notices('message', 'messages'),
  ...(['payment', 'refund', 'bill'] as const).map((kind) => notices(kind, 'evidence')),
  events,
]
