import type { OrderRecord, Store } from '../../store/port.js'
import { isPaid, type PaidFacts, type PaymentFacts } from '../provider.js'
import { settleStatement } from './applyClaim.js'
import type { Saying, Settlement, Statement } from './claim.js'
import { afterWord, agrees } from './states.js'

/**
 * Makes a provider's authentic word about a payment count, whether it came with it or was asked. Only a payment needs
 * a record of its own: of unpaid orders only a closing moves anything, and saying that again changes nothing.
 */
export function settlePayment(store: Store, saying: Saying, facts: PaymentFacts): Promise<Settlement> {
  const { by, at } = saying
  const statement: Statement = {
    kind: 'payment',
    ...(isPaid(facts) ? { unique: uniqueOf(facts) } : {}),
    outTradeNo: facts.outTradeNo,
    facts,
    agrees: (order) => !isPaid(facts) || agrees(order, facts),
    expected: expectedOf,
    after: (order) => afterWord(order, facts, by, at),
  }
  return settleStatement(store, saying, statement)
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
