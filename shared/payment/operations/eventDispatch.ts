import { dispatch } from '../../events/dispatch.js'
import { evidenceSettings } from '../../events/evidence.js'
import { delivererFor, eventSettings } from '../../events/webhook.js'
import { object } from '../../operation/fields.js'
import type { Operation } from '../../operation/index.js'
import type { Reconciled } from '../reconcile/paymentReconcile.js'
import { certifiedSettings } from '../registry.js'

const NONE = { delivered: 0, failed: 0 }

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
    ...(['NOTIFY_BASE_URL', 'PAID_AFTER_CLOSE', 'KEEP_DAYS'] as const),
  ],
  async run(_input, context): Promise<Dispatched> {
    const [{ confirmDue }, { paymentReconcile }, { replanFuture }] = await Promise.all([
      import('../notices/confirm.js'),
      import('../reconcile/paymentReconcile.js'),
      import('../reconcile/replan.js'),
    ])
    await replanFuture(context)
    const deliverer = delivererFor(context)
    if (!deliverer) context.note('event.noTarget', { setting: 'EVENT_TARGET' })
    const [reconciled, confirmed, first] = await Promise.all([
      paymentReconcile(context),
      confirmDue(context),
      deliverer ? dispatch(context, deliverer) : NONE,
    ])
    const hasNews = reconciled.asked + confirmed > 0
    const last = hasNews && deliverer ? await dispatch(context, deliverer) : NONE
    const { upkeep } = await import('../upkeep/upkeep.js')
    await upkeep(context)
    const delivered = first.delivered + last.delivered
    return { delivered, failed: first.failed + last.failed, confirmed, ...reconciled }
  },
} satisfies Operation<typeof input, Dispatched>
