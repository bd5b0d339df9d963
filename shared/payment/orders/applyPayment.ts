import type { OrderRecord, Store } from '../../store/port.js'
import { isPaid, type PaidFacts, type PaymentFacts } from '../provider.js'
import { applyClaim } from './applyClaim.js'
import type { ApplyOutcome, Claim, Provenance } from './claim.js'
import { afterPayment, agrees } from './states.js'

/**
 * Makes a provider's authentic word about a payment count, whether it came with it or was asked. Only a payment needs
 * a record of its own: of unpaid orders only a closing moves anything, and saying that again changes nothing.
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

/** That it was given back is another word than that it was paid. */
const uniqueOf = ({ transactionId, refundedFee }: PaidFacts): string =>
  refundedFee === undefined ? transactionId : `${transactionId}:refunded`

/** What a word about this order has to say. */
export const expectedOf = ({ totalFee, currency: feeType, transactionId }: OrderRecord): object => ({
  totalFee,
  feeType,
  transactionId,
})
