import { asOpenapiError } from '../../errors/index.js'
import { deliverAtOnce } from '../../events/deliverNews.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord } from '../../store/port.js'
import { failure } from '../failures.js'
import { type CancelledFacts, isPaidState, type PaymentProvider } from '../provider.js'
import { applyRefund } from '../refunds/applyRefund.js'
import { requireCapability } from '../requireCapability.js'
import { applyPayment } from './applyPayment.js'
import { applyAnswer, numbersOf, provenanceOf } from './learn.js'

/**
 * Closes an order at the provider, then asks how it stands: whoever paid in the meantime has paid, and the order is
 * PAID. ORDER_PAID, ORDER_NOT_BEGUN, CLOSE_UNFINISHED, or the provider's error.
 */
export async function closeStored(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<OrderRecord> {
  const close = requireCapability(provider, 'closeOrder')
  refusePaid(order)
  if (order.state === 'CLOSED') return order
  const refusal = await close(numbersOf(order)).then(() => undefined, asOpenapiError)
  const answer = await provider.orderQuery(numbersOf(order))
  if (answer && (isPaidState(answer.facts.tradeState) || answer.facts.tradeState === 'CLOSED')) {
    const current = await applyAnswer(context, provider, order, answer, 'closeOrder')
    refusePaid(current)
    return current
  }
  if (refusal && (answer || refusal.outcome === 'unknown')) throw refusal
  if (answer) throw failure('CLOSE_UNFINISHED')
  if (refusal && mayBegin(context, provider, order)) throw failure('ORDER_NOT_BEGUN')
  return closedHere(context, provider, order, 'closeOrder')
}

function refusePaid({ state }: OrderRecord): void {
  if (state !== 'CREATED' && state !== 'PAYING' && state !== 'CLOSED') throw failure('ORDER_PAID')
}

/** Whether what was handed out can still become a payment, though the provider knows of none. */
const mayBegin = (
  { clock }: Context,
  { beginsAtCashier }: PaymentProvider,
  { state, expiresAt = Number.POSITIVE_INFINITY }: OrderRecord,
): boolean => beginsAtCashier === true && state === 'PAYING' && expiresAt > clock.now()

/** Nobody can pay it any more, as far as the provider is concerned. */
async function closedHere(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  by: 'closeOrder' | 'cancelOrder',
): Promise<OrderRecord> {
  const store = await context.store()
  const { appId, outTradeNo, currency: feeType } = order
  const facts = { appId, outTradeNo, feeType, tradeState: 'CLOSED' } as const
  const { eventSource } = await applyPayment(
    store,
    provenanceOf(context, provider, by, Buffer.alloc(0)),
    facts,
  )
  if (eventSource) await deliverAtOnce(context, eventSource)
  return (await store.orders.find(order)) ?? order
}

/**
 * Ends an order whose payment has an unknown outcome: unpaid it is closed, paid it is given back. One that is known to
 * be paid is refunded, not cancelled. ORDER_PAID, or the provider's error.
 */
export async function cancelStored(
  context: Context,
  provider: PaymentProvider,
  found: OrderRecord,
): Promise<{ order: OrderRecord; facts: CancelledFacts }> {
  const cancel = requireCapability(provider, 'cancelOrder')
  refusePaid(found)
  const facts = await cancel(numbersOf(found))
  const isOver = facts.action === 'close' || !mayBegin(context, provider, found)
  if (facts.action === 'refund') return { facts, order: await givenBack(context, provider, found, facts) }
  return { facts, order: isOver ? await closedHere(context, provider, found, 'cancelOrder') : found }
}

/** The refund that a cancellation makes has no number but the order's. */
async function givenBack(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  facts: CancelledFacts,
): Promise<OrderRecord> {
  const { outTradeNo, totalFee } = order
  const provenance = provenanceOf(context, provider, 'cancelOrder', Buffer.from(JSON.stringify(facts)))
  const store = await context.store()
  const { transactionId } = facts
  const { eventSource } = await applyRefund(store, provenance, {
    ...{ outTradeNo, outRefundNo: outTradeNo, totalFee, refundFee: totalFee },
    ...(transactionId === undefined ? {} : { transactionId }),
    ...{ state: 'SUCCEEDED', refundStatus: 'SUCCESS' },
  })
  if (eventSource) await deliverAtOnce(context, eventSource)
  return (await store.orders.find(order)) ?? order
}
