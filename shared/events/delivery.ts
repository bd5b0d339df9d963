import type { Clock } from '../clock.js'
import type { Context } from '../operation/index.js'
import { retryOnConflict } from '../store/documents.js'
import type { DueEvent, PendingEvent, Store } from '../store/port.js'
import { type Deliverer, delivererFor } from './webhook.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** How long to wait after each failed attempt, in milliseconds. After the last the event stays, undelivered. */
export const BACKOFF: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** Beyond every clock: an event that was given up is kept for people, and never due. */
export const NEVER = Number.MAX_SAFE_INTEGER

/** The longest a target may take, in milliseconds. */
const PATIENCE_MS = 10 * SECOND

/** Added to a reservation, so that it outlives the attempt it protects. */
const CLAIM_MARGIN_MS = 5 * SECOND

type Source = DueEvent['source']

/** What became of one attempt; `taken`: somebody else is at it, or was. */
export type Delivery = 'delivered' | 'failed' | 'taken'

/**
 * Reserves one due event by a conditional write, delivers it, and takes it out of its document. A process that dies in
 * between leaves the reservation to run out: the event arrives at least once, perhaps twice, under the same id.
 */
export async function deliver(
  { event, source }: DueEvent,
  deliverer: Deliverer,
  { store, clock, budgetMs = PATIENCE_MS }: { store: Store; clock: Clock; budgetMs?: number },
): Promise<Delivery> {
  const timeoutMs = Math.min(PATIENCE_MS, budgetMs)
  const reserved = await change(store, source, event.id, (current) => {
    const now = clock.now()
    if (current.dueAt > now) return undefined
    return { ...current, attempts: current.attempts + 1, dueAt: now + timeoutMs + CLAIM_MARGIN_MS }
  })
  if (!reserved) return 'taken'
  try {
    await deliverer(reserved, timeoutMs)
  } catch (error) {
    await change(store, source, event.id, (current) => ({
      ...current,
      dueAt: nextAttempt(current.attempts, clock.now()),
      lastError: error instanceof Error ? error.message : 'unknown',
    }))
    return 'failed'
  }
  await change(store, source, event.id, () => 'done')
  return 'delivered'
}

function nextAttempt(attempts: number, now: number): number {
  const wait = BACKOFF[attempts - 1]
  return wait === undefined ? NEVER : now + wait
}

/** What to do with an event: change it, take it out, or (undefined) leave it. */
type Edit = (current: PendingEvent) => PendingEvent | 'done' | undefined

/** Edits one event inside its document. Undefined when it is gone, or was left as it was. */
function change(store: Store, source: Source, id: string, edit: Edit): Promise<PendingEvent | undefined> {
  return source.kind === 'order'
    ? changeIn(
        () => store.orders.find(source.record),
        (order) => store.orders.replace(order),
        id,
        edit,
      )
    : changeIn(
        () => store.notices.find(source.record.id),
        (notice) => store.notices.replace(notice),
        id,
        edit,
      )
}

function changeIn<Holder extends { events: PendingEvent[] }>(
  read: () => Promise<Holder | undefined>,
  write: (holder: Holder) => Promise<boolean>,
  id: string,
  edit: Edit,
): Promise<PendingEvent | undefined> {
  return retryOnConflict(async () => {
    const holder = await read()
    const current = holder?.events.find((event) => event.id === id)
    const wanted = current && edit(current)
    if (!holder || !wanted) return { result: undefined }
    const others = holder.events.filter((event) => event !== current)
    const events = wanted === 'done' ? others : [...others, wanted]
    if (!(await write({ ...holder, events }))) return 'lost'
    return { result: wanted === 'done' ? current : wanted }
  })
}

/** Kept for answering the caller, in milliseconds. */
const RESERVE_MS = 700

/** With less time than this, in milliseconds, no attempt is begun. */
const WORTHWHILE_MS = 300

/**
 * Delivers the events of a document at once if there is time, so that most never wait for the timer. They are stored
 * already: a failure here is logged, and the timer tries again.
 */
export async function deliverAtOnce(context: Context, source: DueEvent['source'] | undefined): Promise<void> {
  // A timer's own run delivers what it brought about, when it has done the rest: a slow receiver delays nothing else.
  if (!source || context.source === 'timer') return
  try {
    const deliverer = delivererFor(context)
    const store = await context.store()
    for (const event of source.record.events) {
      const budgetMs = context.timeLeft() - RESERVE_MS
      if (!deliverer || event.attempts > 0 || budgetMs < WORTHWHILE_MS) continue
      const delivery = await deliver({ event, source }, deliverer, { store, clock: context.clock, budgetMs })
      context.note('event.attempt', { id: event.id, type: event.type, delivery })
    }
  } catch (error) {
    context.note('event.postponed', { why: error instanceof Error ? error.message : 'unknown' })
  }
}
