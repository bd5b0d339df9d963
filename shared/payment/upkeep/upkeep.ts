import { DAY_MS, isFromFuture } from '../../clock.js'
import { asOpenapiError } from '../../errors/index.js'
import type { Context } from '../../operation/index.js'
import type { PageEnd, Store } from '../../store/port.js'
import type { UpkeepState, Written } from '../../store/upkeep/port.js'
import { planned } from '../orders/states.js'
import { keepDays } from './keepDays.js'
import { PAGE, parts } from './prune.js'

/** Steps in one run of the timer: it is there for something else. */
const STEPS = 20

/** No step is begun with less than this left, in milliseconds. */
const LAST_START_MS = 10_000

/** A call that died is waited for so long, in milliseconds. */
const BUSY_MS = 120_000

/**
 * The present of a round is at most so much later than that of the last one: a clock that is a year ahead for a minute
 * forgets nothing of a year. In milliseconds.
 */
const MOST_AT_ONCE_MS = 2 * DAY_MS

/** Nothing is older than this. A machine that lost its time begins at 1970, and would be decades catching up from there. */
const EARLIEST = Date.UTC(2026, 0)

const NEW: UpkeepState = { pruneAt: 0, plannedAt: 0, present: 0, part: 0, busyUntil: 0, rev: 0 }

/**
 * Once a day forgets what has an end, and once looks through all orders and notices for what an older program wrote.
 * Both a little at a time, when the timer's own work is done. A failure is told to the log: nothing else depends on it.
 */
export async function upkeep(context: Context): Promise<void> {
  try {
    await oneRun(context)
  } catch (error) {
    context.note('upkeep.failed', { why: asOpenapiError(error).errMsg })
  }
}

async function oneRun(context: Context): Promise<void> {
  if (context.timeLeft() < LAST_START_MS) return
  const store = await context.store()
  const now = context.clock.now()
  const known = (await store.upkeep.state()) ?? NEW
  const isAhead = isFromFuture(known.plannedAt, now)
  const prunes = known.pruneAt <= now || isAhead
  if (!isAhead && (known.busyUntil > now || !(prunes || !isLookedThrough(known)))) return
  const state = { ...known, present: presentOf(known, now, isAhead), plannedAt: now }
  if (!(await store.upkeep.save({ ...state, busyUntil: now + BUSY_MS }))) return
  state.rev += 1
  if (state.looked !== 'done') state.looked = await look(context, store, 'order', state.looked)
  else if (!isLookedThrough(state)) {
    state.lookedNotices = await look(context, store, 'notice', state.lookedNotices)
  }
  if (prunes) await prune(context, store, state)
  await store.upkeep.save({ ...state, busyUntil: 0 })
}

/** A round keeps its present to its end; the next one has a later one. */
function presentOf({ part, after, present }: UpkeepState, now: number, isAhead: boolean): number {
  if (isAhead || present < EARLIEST) return now
  return part > 0 || after ? Math.min(present, now) : Math.min(now, present + MOST_AT_ONCE_MS)
}

async function prune(context: Context, store: Store, state: UpkeepState): Promise<void> {
  const days = keepDays(context.settings)
  for (let step = 0; step < STEPS && context.timeLeft() > LAST_START_MS; step++) {
    const part = parts[state.part]
    if (!part) break
    const next = await part(store, state.present, days, state.after)
    const { after: _done, ...rest } = state
    delete state.after
    Object.assign(state, rest, next ?? { part: state.part + 1 })
  }
  if (state.part < parts.length) return
  state.part = 0
  state.pruneAt = context.clock.now() + DAY_MS
}

const isLookedThrough = ({ looked, lookedNotices }: UpkeepState): boolean =>
  looked === 'done' && lookedNotices === 'done'

/**
 * One page of all orders or notices, the newest first: those that wait get a time for a question, and all get what lies
 * beside them for the lists. What somebody else writes at this moment has it by that. Answers where the next page is.
 */
async function look(
  { clock }: Context,
  { orders, notices, upkeep }: Store,
  kind: Written['kind'],
  after: UpkeepState['looked'],
): Promise<PageEnd | 'done'> {
  const begins = after === 'done' ? undefined : after
  const { records, end } = await upkeep.written(kind, { after: begins, limit: PAGE })
  for (const each of records) {
    if (each.kind === 'notice') {
      if (!each.isCurrent) await notices.replace(each.record)
      continue
    }
    const next = planned(each.record, each.record, clock.now())
    if (next !== each.record || !each.isCurrent) await orders.replace(next)
  }
  return end ?? 'done'
}
