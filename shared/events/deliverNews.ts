import type { Context } from '../operation/index.js'
import type { DueEvent } from '../store/port.js'
import { deliver } from './delivery.js'
import { delivererFor } from './webhook.js'

/** Kept for answering the caller, in milliseconds. */
const RESERVE_MS = 700

/** Below this much time no attempt is worth its claim, in milliseconds. */
const WORTHWHILE_MS = 300

/**
 * Tells the merchant at once if there is time, so that most events never wait for the timer. What was learned is
 * durable already: a failure here is noted, and the timer tries again.
 */
export async function deliverAtOnce(context: Context, source: DueEvent['source']): Promise<void> {
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
