import { futureFrom, isFromFuture } from '../../clock.js'
import { waitingUntil } from '../../events/event.js'
import type { Context } from '../../operation/index.js'
import type { NoticeRecord, OrderRecord, PendingEvent } from '../../store/port.js'

/** Orders and notices mended in one go. */
const PAGE = 100

/** No page is begun with less than this left, in milliseconds. */
const LAST_START_MS = 30_000

/**
 * What waits for a time that was reckoned while the clock was ahead is due now: with every due time stands when it was
 * written, and what was written in the future is found by an index. Most runs find nothing. Answers how many orders and
 * notices were mended; one that somebody else writes at this moment is found by the next run.
 */
export async function replanFuture(context: Context): Promise<number> {
  const { events, orders, notices } = await context.store()
  const now = context.clock.now()
  let mended = 0
  while (context.timeLeft() > LAST_START_MS) {
    const sources = await events.planned(futureFrom(now), PAGE)
    const written = await Promise.all(
      sources.map(({ kind, record }) =>
        kind === 'order'
          ? orders.replace(replannedOrder(record, now))
          : notices.replace(replannedNotice(record, now)),
      ),
    )
    mended += written.filter(Boolean).length
    if (sources.length < PAGE || !written.includes(true)) break
  }
  if (mended > 0) context.note('clock.wasAhead', { mended })
  return mended
}

const replannedEvents = (events: readonly PendingEvent[], now: number): PendingEvent[] =>
  events.map((event) => (isAhead(event, now) ? waitingUntil(event, now, now) : event))

const isAhead = ({ plannedAt }: { plannedAt?: number }, now: number): boolean =>
  plannedAt !== undefined && isFromFuture(plannedAt, now)

const replannedOrder = (order: OrderRecord, now: number): OrderRecord => ({
  ...order,
  ...(isAhead(order, now) ? { nextQueryAt: now, plannedAt: now } : {}),
  events: replannedEvents(order.events, now),
})

const replannedNotice = (notice: NoticeRecord, now: number): NoticeRecord => ({
  ...notice,
  ...(isAhead(notice, now) ? { confirmAt: now, plannedAt: now } : {}),
  events: replannedEvents(notice.events, now),
})
