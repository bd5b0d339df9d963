import { sealEvidence } from '../../events/evidence.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord, Store } from '../../store/port.js'
import {
  isPaid,
  type PaidFacts,
  type PaymentFacts,
  type PaymentProvider,
  type RefundFacts,
} from '../provider.js'
import { type ApplyOutcome, applyClaim, type Claim, type Provenance } from './claim.js'
import { afterPayment, agrees, type OrderTrigger } from './states.js'

/**
 * Applies what a provider authentically states about a payment, by notice or by query. Only a payment needs a record of
 * its own: of unpaid orders only a closing changes anything, and applying that again changes nothing. `refunds`: what the
 * same message states of refunds, which is applied after it.
 */
export async function applyPayment(
  store: Store,
  provenance: Provenance,
  facts: PaymentFacts,
  refunds: readonly RefundFacts[] = [],
): Promise<ApplyOutcome> {
  const { by, at, sellerId } = provenance
  const claim = paymentClaim(facts, by, at, refunds)
  if (sellerId === undefined) return applyClaim(store, provenance, claim)
  const { applyToSeller } = await import('./seller.js')
  return applyToSeller(store, { ...provenance, sellerId }, claim)
}

function paymentClaim(
  facts: PaymentFacts,
  by: OrderTrigger,
  at: number,
  refunds: readonly RefundFacts[],
): Claim {
  return {
    kind: 'payment',
    ...(isPaid(facts) ? { unique: uniqueOf(facts) } : {}),
    outTradeNo: facts.outTradeNo,
    facts,
    agrees: (order) => !isPaid(facts) || agrees(order, facts),
    expected: expectedOf,
    after: (order) => afterPayment(order, facts, by, at, refunds),
  }
}

/** That it was given back, in part or whole, is another claim than that it was paid. */
const uniqueOf = ({ transactionId, totalFee, refundedFee, tradeState }: PaidFacts): string =>
  tradeState === 'REFUND' || refundedFee === totalFee ? `${transactionId}:refunded` : transactionId

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
  { settings, random, clock, note }: Context,
  { id, merchantId }: PaymentProvider,
  by: OrderTrigger,
  raw: Buffer,
): Provenance {
  const evidence = sealEvidence(raw, settings, random)
  return { provider: id, merchantId, by, evidence, at: clock.now(), note }
}
