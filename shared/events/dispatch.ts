import type { Context } from '../operation/index.js'
import type { DueEvent } from '../store/port.js'
import { deliver } from './delivery.js'
import type { Deliverer } from './webhook.js'

/** Attempts made side by side at the one target there is: a receiver is not overrun by what waited while it was away. */
const LANES = 20

/** Documents looked for at once, at most. */
const PAGE = 100

/** No attempt starts with less than this left, in milliseconds. */
const LAST_START_MS = 2000

/** What one run did. */
export interface Dispatch {
  delivered: number
  failed: number
}

/**
 * Delivers the events that are due, as far as the time allows. Each document's events keep to one lane, one after the
 * other; the lanes do not wait for each other, so that a receiver that is slow about one order delays that order alone.
 */
export async function dispatch(context: Context, deliverer: Deliverer): Promise<Dispatch> {
  const counts = { delivered: 0, failed: 0, dead: 0, taken: 0 }
  const store = await context.store()
  const { clock, random } = context
  const take = queue(context)
  const lane = async (): Promise<void> => {
    let due = await take()
    while (due && context.timeLeft() > LAST_START_MS) {
      const budgetMs = context.timeLeft() - LAST_START_MS / 2
      const { outcome, next } = await deliver(due, deliverer, { store, clock, random, budgetMs })
      counts[outcome] += 1
      if (outcome === 'dead') {
        context.note('event.dead', { id: due.event.id, type: due.event.type })
      }
      due = next ?? (await take())
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return { delivered: counts.delivered, failed: counts.failed + counts.dead }
}

/** Hands out what is due, each attempt once, and looks for more when the last was handed out. */
function queue(context: Context): () => Promise<DueEvent | undefined> {
  const handedOut = new Set<string>()
  let waiting: DueEvent[] = []
  let looking: Promise<void> | undefined
  const look = async (): Promise<void> => {
    const { events } = await context.store()
    const due = await events.due(context.clock.now(), PAGE)
    waiting = due.filter(({ event }) => !handedOut.has(attemptOf(event)))
  }
  return async () => {
    if (waiting.length === 0) {
      looking ??= look().finally(() => {
        looking = undefined
      })
      await looking
    }
    const due = waiting.shift()
    if (due) handedOut.add(attemptOf(due.event))
    return due
  }
}

const attemptOf = ({ id, attempts }: DueEvent['event']): string => `${id} ${attempts}`
