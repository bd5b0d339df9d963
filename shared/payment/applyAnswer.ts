import { deliverAtOnce } from '../events/delivery.js'
import type { Context } from '../operation/index.js'
import type { OrderRecord } from '../store/port.js'
import { applyPayment, provenanceOf } from './orders/applyPayment.js'
import type { ApplyOutcome, Provenance } from './orders/claim.js'
import { isUnpaid, type OrderTrigger } from './orders/states.js'
import type { PaymentFacts, PaymentProvider, QueryAnswer, RefundFacts } from './provider.js'

/** Applies what a provider answered about an order, and delivers the events. Answers the order as it stands then. */
export async function applyAnswer(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  { facts, raw, sellerId }: QueryAnswer,
  by: OrderTrigger = 'query',
): Promise<OrderRecord> {
  const provenance = { ...provenanceOf(context, provider, by, raw), ...(sellerId ? { sellerId } : {}) }
  const outcomes = await applyStated(context, provider, provenance, facts)
  for (const { eventSource } of outcomes) await deliverAtOnce(context, eventSource)
  const { orders } = await context.store()
  return (await orders.find(order)) ?? order
}

/**
 * Applies what a provider states about a payment. REFUND says that something of it was given back, and not how much:
 * where that is the first that is known of the payment, a provider that lists an order's refunds is asked for them, and
 * they are applied with it. Rejects as that question does; nothing was applied then. `refund`: what a notice states of
 * one with it, which is applied afterwards.
 */
export async function applyStated(
  context: Context,
  provider: PaymentProvider,
  provenance: Provenance,
  facts: PaymentFacts,
  refund?: RefundFacts,
): Promise<ApplyOutcome[]> {
  const store = await context.store()
  const { outTradeNo, tradeState, refundedFee } = facts
  if (tradeState === 'REFUND' && refundedFee === undefined && provider.listsRefunds) {
    const order = await store.orders.find({ ...provenance, outTradeNo })
    if (order && isUnpaid(order)) {
      const { listRefunds, applyRefund } = await import('./refunds/applyRefund.js')
      const { refunds, raw } = await listRefunds(provider, order)
      const outcomes = [await applyPayment(store, provenance, facts, refunds)]
      if (outcomes[0]?.verdict === 'contradiction') return outcomes
      const source = provenanceOf(context, provider, provenance.by, raw)
      for (const refund of refunds) {
        outcomes.push(await applyRefund(store, source, { ...refund, outTradeNo }, refunds))
      }
      return outcomes
    }
  }
  return [await applyPayment(store, provenance, facts, refund ? [refund] : [])]
}
