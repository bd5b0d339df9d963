import {
  asOpenapiError,
  CLOSE_UNFINISHED,
  ORDER_NOT_BEGUN,
  ORDER_PAID,
  openapiError,
} from '../../errors/index.js'
import { deliverAtOnce } from '../../events/delivery.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord } from '../../store/port.js'
import { applyAnswer } from '../applyAnswer.js'
import { claimsPayment, type PaymentProvider } from '../provider.js'
import { requireCapability } from '../registry.js'
import { expectedOf, numbersOf, provenanceOf } from './applyPayment.js'
import { applyClaim } from './claim.js'
import { isUnpaid, type OrderTrigger, transition } from './states.js'

type ClosingTrigger = Extract<OrderTrigger, 'closeOrder' | 'cancelOrder' | 'expiry'>

/**
 * Closes an order at the provider, then asks how it stands: whoever paid in the meantime has paid, and the order is
 * PAID. ORDER_PAID, ORDER_NOT_BEGUN, CLOSE_UNFINISHED, or the provider's error.
 */
export async function closeStored(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  by: ClosingTrigger = 'closeOrder',
): Promise<OrderRecord> {
  const close = requireCapability(provider, 'closeOrder')
  refusePaid(order)
  if (order.state === 'CLOSED') return closedBefore(context, provider, order)
  const refusal = await close(numbersOf(order)).then(() => undefined, asOpenapiError)
  const answer = await provider.orderQuery(numbersOf(order))
  if (answer && (claimsPayment(answer.facts) || answer.facts.tradeState === 'CLOSED')) {
    const current = await applyAnswer(context, provider, order, answer, by)
    // Also where the payment contradicts the order, which then stays as it is.
    if (claimsPayment(answer.facts)) throw openapiError(ORDER_PAID)
    refusePaid(current)
    return current
  }
  if (refusal && (answer || refusal.outcome === 'unknown')) throw refusal
  if (answer) throw openapiError(CLOSE_UNFINISHED)
  if (refusal && mayBegin(context, provider, order)) throw openapiError(ORDER_NOT_BEGUN)
  return closeLocally(context, provider, order, by)
}

/** An order that is closed already, unless it was paid all the same. While nobody can say, it stays closed. */
async function closedBefore(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<OrderRecord> {
  const answer = await provider.orderQuery(numbersOf(order)).catch((error: unknown) => {
    context.note('order.notAsked', { outTradeNo: order.outTradeNo, why: asOpenapiError(error).errMsg })
    return undefined
  })
  if (!answer || !claimsPayment(answer.facts)) return order
  await applyAnswer(context, provider, order, answer, 'closeOrder')
  throw openapiError(ORDER_PAID)
}

/** ORDER_PAID for an order of which a payment is known. */
export function refusePaid(order: OrderRecord): void {
  if (!isUnpaid(order)) throw openapiError(ORDER_PAID)
}

/** Whether what was handed out can still become a payment, though the provider knows of none. */
export const mayBegin = (
  { clock }: Context,
  { beginsAtCashier }: PaymentProvider,
  { state, expiresAt = Number.POSITIVE_INFINITY }: OrderRecord,
): boolean => beginsAtCashier === true && state === 'PAYING' && expiresAt > clock.now()

/** Closes an order here: nobody can pay it any more, as far as the provider is concerned. */
export async function closeLocally(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  by: ClosingTrigger,
): Promise<OrderRecord> {
  const store = await context.store()
  const { appId, outTradeNo, currency: feeType } = order
  const provenance = provenanceOf(context, provider, by, Buffer.alloc(0))
  const { eventSource } = await applyClaim(store, provenance, {
    ...{ kind: 'payment', outTradeNo, facts: { appId, outTradeNo, feeType, tradeState: 'CLOSED' } },
    agrees: () => true,
    expected: expectedOf,
    after: (current) => transition(current, { what: 'closedHere', by, at: provenance.at }),
  })
  await deliverAtOnce(context, eventSource)
  return (await store.orders.find(order)) ?? order
}
