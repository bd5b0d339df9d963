import { type Delivery, deliver } from '../../events/delivery.js'
import { evidenceSettings } from '../../events/evidence.js'
import { type Deliverer, delivererFor, eventSettings } from '../../events/webhook.js'
import { object } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { providerSettings } from '../registry.js'

/** Events attempted side by side. */
const BATCH = 20

/** No attempt starts with less than this left, in milliseconds. */
const LAST_START_MS = 2000

const input = object({})

export interface Dispatched {
  delivered: number
  failed: number
  /** Refund notices without a signature that the provider confirmed or denied when asked. */
  confirmed: number
}

/**
 * Does what there was no time for at once: confirms refund notices that prove nothing by themselves, then delivers the
 * events that are due, those of the confirmed refunds among them.
 */
export const eventDispatch = {
  name: 'payment.eventDispatch',
  doc: 'https://www.standardwebhooks.com',
  title: { en: "Deliver waiting events to the merchant's own service", zh: '投递待发送的事件' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [...providerSettings, ...eventSettings, ...evidenceSettings],
  async run(_input, context): Promise<Dispatched> {
    const { confirmDue } = await import('../notices/confirm.js')
    const confirmed = await confirmDue(context)
    const deliverer = delivererFor(context)
    if (deliverer) return { ...(await dispatch(context, deliverer)), confirmed }
    context.note('event.noTarget', { setting: 'EVENT_TARGET' })
    return { delivered: 0, failed: 0, confirmed }
  },
} satisfies Operation<typeof input, Dispatched>

async function dispatch(context: Context, deliverer: Deliverer): Promise<Omit<Dispatched, 'confirmed'>> {
  const store = await context.store()
  const { clock } = context
  const counts: Record<Delivery, number> = { delivered: 0, failed: 0, taken: 0 }
  while (context.timeLeft() > LAST_START_MS) {
    const due = await store.events.due(clock.now(), BATCH)
    const budgetMs = context.timeLeft() - LAST_START_MS / 2
    const deliveries = await Promise.all(
      due.map((each) => deliver(each, deliverer, { store, clock, budgetMs })),
    )
    for (const delivery of deliveries) counts[delivery] += 1
    if (deliveries.every((delivery) => delivery === 'taken')) break
  }
  const { delivered, failed } = counts
  return { delivered, failed }
}
