import { deliverAtOnce } from '../../events/delivery.js'
import { sealEvidence } from '../../events/evidence.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord, Store } from '../../store/port.js'
import {
  isPaid,
  type PaidFacts,
  type PaymentFacts,
  type PaymentProvider,
  type QueryAnswer,
} from '../provider.js'
import { type ApplyOutcome, applyClaim, type Claim, type Provenance } from './claim.js'
import { afterPayment, agrees, type OrderTrigger } from './states.js'

/**
 * Applies what a provider authentically states about a payment, by notice or by query. Only a payment needs a record of
 * its own: of unpaid orders only a closing changes anything, and applying that again changes nothing.
 */
export function applyPayment(
  store: Store,
  provenance: Provenance,
  facts: PaymentFacts,
): Promise<ApplyOutcome> {
  const { by, at } = provenance
  const claim: Claim = {
    kind: 'payment',
    ...(isPaid(facts) ? { unique: uniqueOf(facts) } : {}),
    outTradeNo: facts.outTradeNo,
    facts,
    agrees: (order) => !isPaid(facts) || agrees(order, facts),
    expected: expectedOf,
    after: (order) => afterPayment(order, facts, by, at),
  }
  return applyClaim(store, provenance, claim)
}

/** That it was given back is another claim than that it was paid. */
const uniqueOf = ({ transactionId, refundedFee }: PaidFacts): string =>
  refundedFee === undefined ? transactionId : `${transactionId}:refunded`

/** What a claim about this order has to state. */
export const expectedOf = ({ totalFee, currency: feeType, transactionId }: OrderRecord): object => ({
  totalFee,
  feeType,
  transactionId,
})

/** By what a provider knows an order of ours. */
export const numbersOf = ({ outTradeNo, appId }: OrderRecord) => ({ outTradeNo, appId })

/** The provenance of a message that a provider sends or answers now; `raw` are its bytes. */
export function provenanceOf(
  { settings, random, clock }: Context,
  { id, merchantId }: PaymentProvider,
  by: OrderTrigger,
  raw: Buffer,
): Provenance {
  const evidence = sealEvidence(raw, settings, random)
  return { provider: id, merchantId, by, evidence, at: clock.now() }
}

/** Applies what a provider answered about an order, and delivers the event. Answers the order as it stands then. */
export async function applyAnswer(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  { facts, raw }: QueryAnswer,
  by: OrderTrigger = 'query',
): Promise<OrderRecord> {
  const store = await context.store()
  const { eventSource } = await applyPayment(store, provenanceOf(context, provider, by, raw), facts)
  await deliverAtOnce(context, eventSource)
  return (await store.orders.find(order)) ?? order
}
