import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, type Random } from '../clock.js'
import type { Context } from '../operation/index.js'
import { retryOnConflict } from '../store/documents.js'
import type { DueEvent, PendingEvent, Store } from '../store/port.js'
import { dueIn, firstWaiting, stateOf } from '../store/revisions.js'
import { ended, waitingUntil } from './event.js'
import { type Deliverer, delivererFor } from './webhook.js'

/**
 * How long to wait after each failed attempt, in milliseconds, give or take {@link JITTER}: three days in all, on the
 * steps that https://www.standardwebhooks.com recommends. After the last the event is dead, and kept.
 */
export const BACKOFF: readonly number[] = [
  5000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  DAY_MS,
]

/** So much of a wait is left to chance, or everything that failed in one outage would come back in one moment. */
export const JITTER = 0.1

/** The longest a target may take, in milliseconds. */
const PATIENCE_MS = 10_000

/** Added to a reservation, so that it outlives the attempt it protects. */
const CLAIM_MARGIN_MS = 5000

type Source = DueEvent['source']

/** What one attempt needs. `budgetMs`: the longest it may take. */
export interface DeliveryMeans {
  store: Store
  clock: Clock
  random: Random
  budgetMs?: number
}

/**
 * What became of one attempt. `dead`: it failed, and was the last; `taken`: somebody else is at it, or was. `next`: the
 * event of the same document whose turn it is now.
 */
export interface Delivery {
  outcome: 'delivered' | 'failed' | 'dead' | 'taken'
  next?: DueEvent | undefined
}

/**
 * Reserves one due event by a conditional write, delivers it, and marks it. A process that dies in between leaves the
 * reservation to run out: the event arrives at least once, perhaps twice, under the same id. What became of an attempt is
 * written only while nobody has begun another: a late failure takes nothing from a later success.
 */
export async function deliver(
  { event: { id }, source }: DueEvent,
  deliverer: Deliverer,
  { store, clock, random, budgetMs = PATIENCE_MS }: DeliveryMeans,
): Promise<Delivery> {
  const timeoutMs = Math.min(PATIENCE_MS, budgetMs)
  const reserved = await change(store, source, (events) => {
    const event = firstWaiting(events)
    const now = clock.now()
    if (event?.id !== id || event.dueAt === undefined || event.dueAt > now) return undefined
    return [
      event,
      waitingUntil({ ...event, attempts: event.attempts + 1 }, now + timeoutMs + CLAIM_MARGIN_MS, now),
    ]
  })
  if (!reserved) return { outcome: 'taken' }
  const { attempts } = reserved.event
  try {
    await deliverer(reserved.event, timeoutMs)
  } catch (error) {
    const lastError = inShort(error instanceof Error ? error.message : 'unknown')
    const failed = await change(store, source, (events) => {
      const event = events.find((each) => each.id === id && stateOf(each) === 'waiting')
      if (event?.attempts !== attempts) return undefined
      return [event, afterFailure({ ...event, lastError }, clock.now(), random)]
    })
    if (failed?.event.state !== 'dead') return { outcome: 'failed' }
    return { outcome: 'dead', next: dueIn(failed.source, clock.now()) }
  }
  const done = await change(store, source, (events) => {
    const event = events.find((each) => each.id === id && stateOf(each) !== 'delivered')
    return event && [event, ended(event, 'delivered', clock.now())]
  })
  return { outcome: 'delivered', next: done && dueIn(done.source, clock.now()) }
}

/** In characters. The text comes from a function of the merchant's, and lies in the document of the order. */
const MOST_TOLD = 300

/** One line that a terminal only shows. */
const inShort = (text: string): string =>
  text
    .slice(0, 4 * MOST_TOLD)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, MOST_TOLD)

function afterFailure(event: PendingEvent, now: number, random: Random): PendingEvent {
  const wait = BACKOFF[event.attempts - 1]
  if (wait === undefined) return ended(event, 'dead', now)
  const chance = random.bytes(2).readUInt16BE() / 0xffff
  return waitingUntil(event, Math.round(now + wait * (1 - JITTER + 2 * JITTER * chance)), now)
}

/**
 * Makes an event due at once, under the same id and with all of its attempts before it, whatever became of it. False when
 * it is not there any more.
 */
export async function makeDueAgain(
  { event: { id }, source }: DueEvent,
  { store, clock }: Pick<DeliveryMeans, 'store' | 'clock'>,
): Promise<boolean> {
  const now = clock.now()
  const changed = await change(store, source, (events) => {
    const event = events.find((each) => each.id === id)
    return event && [event, waitingUntil({ ...event, attempts: 0 }, now, now)]
  })
  return changed !== undefined
}

/** Which of the events to change, and what it becomes; undefined leaves all as they are. */
type Edit = (events: readonly PendingEvent[]) => [PendingEvent, PendingEvent] | undefined

/** Changes one event inside its document, where it stands, and answers both as they are then. Undefined when the document is gone, or was left as it was. */
async function change(store: Store, source: Source, edit: Edit): Promise<DueEvent | undefined> {
  if (source.kind === 'order') {
    const { orders } = store
    const changed = await changeIn(() => orders.find(source.record), orders.replace, edit)
    return changed && { event: changed.event, source: { kind: 'order', record: changed.holder } }
  }
  const { notices } = store
  const changed = await changeIn(() => notices.find(source.record.id), notices.replace, edit)
  return changed && { event: changed.event, source: { kind: 'notice', record: changed.holder } }
}

function changeIn<Holder extends { events: PendingEvent[]; rev: number }>(
  read: () => Promise<Holder | undefined>,
  write: (holder: Holder) => Promise<boolean>,
  edit: Edit,
): Promise<{ event: PendingEvent; holder: Holder } | undefined> {
  return retryOnConflict(async () => {
    const holder = await read()
    const edited = holder && edit(holder.events)
    if (!holder || !edited) return { result: undefined }
    const [before, event] = edited
    const changed = { ...holder, events: holder.events.map((each) => (each === before ? event : each)) }
    return (await write(changed))
      ? { result: { event, holder: { ...changed, rev: changed.rev + 1 } } }
      : 'lost'
  })
}

/** Kept for answering the caller, in milliseconds. */
const RESERVE_MS = 700

/** With less time than this, in milliseconds, no attempt is begun. */
const WORTHWHILE_MS = 300

/**
 * Delivers the events of a document at once if there is time, so that most never wait for the timer. They are stored
 * already: a failure here is logged, and the timer tries again. So it does with those that wait for an earlier one.
 */
export async function deliverAtOnce(context: Context, source: DueEvent['source'] | undefined): Promise<void> {
  // A timer's own run delivers what it brought about, when it has done the rest: a slow receiver delays nothing else.
  if (!source || context.source === 'timer') return
  try {
    const deliverer = delivererFor(context)
    const means = { store: await context.store(), clock: context.clock, random: context.random }
    let due = deliverer && dueIn(source, context.clock.now())
    while (deliverer && due?.event.attempts === 0) {
      const budgetMs = context.timeLeft() - RESERVE_MS
      if (budgetMs < WORTHWHILE_MS) return
      const { outcome, next } = await deliver(due, deliverer, { ...means, budgetMs })
      context.note('event.attempt', { id: due.event.id, type: due.event.type, delivery: outcome })
      due = next
    }
  } catch (error) {
    context.note('event.postponed', { why: error instanceof Error ? error.message : 'unknown' })
  }
}
