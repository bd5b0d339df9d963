import { type Delivery, deliver } from '../../events/delivery.js'
import { evidenceSettings } from '../../events/evidence.js'
import { type Deliverer, delivererFor, eventSettings } from '../../events/webhook.js'
import { object } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import type { Reconciled } from '../reconcile/paymentReconcile.js'
import { certifiedSettings } from '../registry.js'

/** Events attempted side by side. */
const BATCH = 20

const NONE = { delivered: 0, failed: 0 }

/** No attempt starts with less than this left, in milliseconds. */
const LAST_START_MS = 2000

const input = object({})

export interface Dispatched extends Reconciled {
  delivered: number
  failed: number
  /** Refund notices without a signature that the provider confirmed or denied when asked. */
  confirmed: number
}

/**
 * Does each minute what is due: asks about orders that wait, confirms refund notices that prove nothing by themselves,
 * and delivers events, in the end those that came of the other two. The three run side by side, so that none takes the
 * time of another.
 */
export const eventDispatch = {
  name: 'payment.eventDispatch',
  doc: 'https://www.standardwebhooks.com',
  title: {
    en: "Ask about waiting orders, and deliver waiting events to the merchant's own service",
    zh: '查询等待中的订单，并投递待发送的事件',
  },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [
    ...certifiedSettings,
    ...eventSettings,
    ...evidenceSettings,
    ...(['NOTIFY_BASE_URL', 'PAID_AFTER_CLOSE'] as const),
  ],
  async run(_input, context): Promise<Dispatched> {
    const [{ confirmDue }, { paymentReconcile }] = await Promise.all([
      import('../notices/confirm.js'),
      import('../reconcile/paymentReconcile.js'),
    ])
    const deliverer = delivererFor(context)
    if (!deliverer) context.note('event.noTarget', { setting: 'EVENT_TARGET' })
    const [reconciled, confirmed, first] = await Promise.all([
      paymentReconcile(context),
      confirmDue(context),
      dispatch(context, deliverer),
    ])
    const hasNews = reconciled.asked + confirmed > 0
    const last = hasNews ? await dispatch(context, deliverer) : NONE
    const delivered = first.delivered + last.delivered
    return { delivered, failed: first.failed + last.failed, confirmed, ...reconciled }
  },
} satisfies Operation<typeof input, Dispatched>

async function dispatch(
  context: Context,
  deliverer: Deliverer | undefined,
): Promise<Pick<Dispatched, 'delivered' | 'failed'>> {
  if (!deliverer) return NONE
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
