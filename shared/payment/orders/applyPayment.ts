import { sealEvidence } from '../../events/evidence.js'
import { type Fen, fen, restOf, sumOf } from '../../money.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord, RefundState, Store } from '../../store/port.js'
import {
  isPaid,
  type PaidFacts,
  type PaymentFacts,
  type PaymentProvider,
  type RefundFacts,
} from '../provider.js'
import { type ApplyOutcome, applyClaim, type Claim, type Provenance } from './claim.js'
import { contradicts, type OrderTrigger, type Transition, transition } from './states.js'

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
    agrees: (order) => (isPaid(facts) ? agrees(order, facts) : !deniesPayment(order, facts)),
    expected: (order) =>
      isPaid(facts) ? expectedOf(order) : { ...expectedOf(order), orderState: order.state },
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

/** Whether a provider says that nobody paid, while it is paid here and not all of that is back or on its way. */
const deniesPayment = (order: OrderRecord, { tradeState }: PaymentFacts): boolean =>
  tradeState === 'CLOSED' && contradicts(order, 'closedThere') && leavingOf(order.refunds) < order.totalFee

const leavingOf = (refunds: OrderRecord['refunds']): Fen =>
  sumOf(...refunds.filter(({ state }) => state !== 'CLOSED').map(({ refundFee }) => refundFee))

/** Whether the money that was paid is the money that was asked for. */
export const agrees = (order: OrderRecord, paid: PaidFacts): boolean =>
  paid.totalFee === order.totalFee &&
  paid.feeType === order.currency &&
  (paid.refundedFee ?? 0) <= paid.totalFee &&
  (order.transactionId === undefined || order.transactionId === paid.transactionId)

/**
 * The order after a claim about its payment; undefined when nothing in the claim changes the order. `refunds` are those
 * of it that the same message states, each of which is applied, and told, by itself. The caller has asked
 * {@link agrees} first.
 *
 * Nobody is told to deliver for money that is back: what was given back whole is REFUNDED, whatever is known first. While
 * the whole of it is on its way back the order stays as it is, and is PAID if a refund fails.
 */
export function afterPayment(
  order: OrderRecord,
  facts: PaymentFacts,
  by: OrderTrigger,
  at: number,
  refunds: readonly RefundFacts[] = [],
): OrderRecord | undefined {
  if (!isPaid(facts)) {
    return facts.tradeState === 'CLOSED' ? transition(order, { what: 'closedThere', by, at }) : undefined
  }
  const { back, leaving } = givenBack(order, facts, refunds)
  if (back >= order.totalFee) {
    const what = refunds.length > 0 ? 'givenBackByRefunds' : 'givenBack'
    // What the order has of its payment already is better than what a claim about its end has.
    const known = { ...paymentDetails(facts), ...order }
    return transition(known, { what, by, at, eventData: facts })
  }
  if (leaving >= order.totalFee) return undefined
  const next = transition(order, { by, at, ...paidEvent(order, facts, back, leaving, refunds) })
  return next && withRefundState({ ...next, ...paymentDetails(facts) }, by, at)
}

/** With what a payment is told: with what is left of it, or as one of which nobody knows how much is left. */
function paidEvent(
  { totalFee }: OrderRecord,
  facts: PaidFacts,
  back: Fen,
  leaving: Fen,
  refunds: readonly RefundFacts[],
): Pick<Transition, 'what' | 'eventData'> {
  const isHalfKnown = facts.tradeState === 'REFUND' && leaving === 0 && refunds.length === 0
  if (isHalfKnown) return { what: 'paidInPart', eventData: facts }
  if (leaving === 0) return { what: 'paid', eventData: facts }
  return { what: 'paid', eventData: { ...facts, refundedFee: back, remainingFee: restOf(totalFee, leaving) } }
}

/** What of a payment is back, and what is back or may still go: all but the closed refunds. */
function givenBack({ refunds }: OrderRecord, { refundedFee }: PaidFacts, stated: readonly RefundFacts[]) {
  const known = new Map(refunds.map((entry) => [entry.outRefundNo, entry]))
  const now = stated
    .map((one) => ({ ...one, refundFee: one.refundFee ?? known.get(one.outRefundNo)?.refundFee }))
    .filter(({ outRefundNo }) => known.get(outRefundNo)?.state !== 'SUCCEEDED')
  const others = refunds.filter(({ outRefundNo }) => !now.some((one) => one.outRefundNo === outRefundNo))
  const sum = (counts: (state: RefundState) => boolean): Fen =>
    sumOf(
      ...[...others, ...now].filter(({ state }) => counts(state)).map(({ refundFee = fen(0) }) => refundFee),
    )
  const back = larger(
    sum((state) => state === 'SUCCEEDED'),
    refundedFee ?? fen(0),
  )
  return {
    back,
    leaving: larger(
      sum((state) => state !== 'CLOSED'),
      back,
    ),
  }
}

const larger = (one: Fen, other: Fen): Fen => (one > other ? one : other)

/** The order in the state that its refunds put it in, once it was paid. */
export function withRefundState(order: OrderRecord, by: OrderTrigger, at: number): OrderRecord {
  const given = order.refunds.filter(({ state }) => state === 'SUCCEEDED')
  if (given.length === 0) return order
  const sum = sumOf(...given.map(({ refundFee }) => refundFee))
  const what = sum < order.totalFee ? 'refundedInPart' : 'givenBackByRefunds'
  return transition(order, { what, by, at }) ?? order
}

/** The app too: a payer may have asked under one and paid under another. */
function paymentDetails({ appId, transactionId, cashFee, openid, timeEnd }: PaidFacts): Partial<OrderRecord> {
  return {
    appId,
    transactionId,
    ...(cashFee === undefined ? {} : { cashFee }),
    ...(openid === undefined ? {} : { payerOpenid: openid }),
    ...(timeEnd === undefined ? {} : { timeEnd }),
  }
}
