import { type EventType, pendingEvent } from '../../events/event.js'
import { type Fen, fen, restOf, sumOf } from '../../money.js'
import type { OrderRecord, OrderState, RefundState } from '../../store/port.js'
import { isPaid, type PaidFacts, type PaymentFacts, type RefundFacts } from '../provider.js'

/**
 * Every transition of an order, and its event. What is not here does not happen: a notice that comes late or out of
 * order finds no transition. Some look odd and are real: an order can be paid though the write of
 * PAYING was lost, and after it was closed, when the payer was faster than the closing; and what was paid and given
 * back whole before anybody here knew is over, like what was closed, and nothing to deliver.
 */
const transitions: Readonly<Record<OrderState, Readonly<Partial<Record<OrderState, EventType | 'silent'>>>>> =
  {
    CREATED: { PAYING: 'silent', PAID: 'payment.paid', REFUNDED: 'payment.closed', CLOSED: 'payment.closed' },
    PAYING: { PAID: 'payment.paid', REFUNDED: 'payment.closed', CLOSED: 'payment.closed' },
    PAID: { PARTIALLY_REFUNDED: 'silent', REFUNDED: 'silent' },
    PARTIALLY_REFUNDED: { REFUNDED: 'silent' },
    REFUNDED: {},
    CLOSED: { PAID: 'payment.paidAfterClose', REFUNDED: 'silent' },
  }

export const canTransition = (from: OrderState, to: OrderState): boolean =>
  transitions[from][to] !== undefined

/** What causes a transition; kept in the order's history. */
export type OrderTrigger =
  | 'getOrderInfo'
  | 'notice'
  | 'query'
  | 'refund'
  | 'closeOrder'
  | 'cancelOrder'
  | 'bill'

/** Where an order goes, why and when (ms), and what its event has beyond the order itself. */
export interface Transition {
  to: OrderState
  by: OrderTrigger
  at: number
  eventData?: object
  /** In place of the table's event, where more is known than the two states. */
  event?: EventType | 'silent'
}

/** The order after a transition, its event among the pending ones; undefined when the table has no such transition. */
export function transition(
  order: OrderRecord,
  { to, by, at, eventData = {}, event: given }: Transition,
): OrderRecord | undefined {
  const usual = transitions[order.state][to]
  if (usual === undefined) return undefined
  const event = given ?? usual
  const { provider, merchantId, outTradeNo } = order
  return {
    ...order,
    state: to,
    updatedAt: at,
    history: [...order.history, { at, from: order.state, to, by }],
    events:
      event === 'silent'
        ? order.events
        : [
            ...order.events,
            pendingEvent(event, { provider, merchantId, outTradeNo }, { ...eventData, state: to }, at),
          ],
  }
}

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
    return facts.tradeState === 'CLOSED' ? transition(order, { to: 'CLOSED', by, at }) : undefined
  }
  const { back, leaving } = givenBack(order, facts, refunds)
  if (back >= order.totalFee) {
    const event = refunds.length > 0 ? ({ event: 'silent' } as const) : {}
    // What the order has of its payment already is better than what a claim about its end has.
    const known = { ...paymentDetails(facts), ...order }
    return transition(known, { to: 'REFUNDED', by, at, eventData: facts, ...event })
  }
  if (leaving >= order.totalFee) return undefined
  const next = transition(order, { to: 'PAID', by, at, ...paidEvent(order, facts, back, leaving, refunds) })
  return next && withRefundState({ ...next, ...paymentDetails(facts) }, by, at)
}

/** With what a payment is told: with what is left of it, or as one of which nobody knows how much is left. */
function paidEvent(
  { totalFee }: OrderRecord,
  facts: PaidFacts,
  back: Fen,
  leaving: Fen,
  refunds: readonly RefundFacts[],
): Pick<Transition, 'event' | 'eventData'> {
  const isHalfKnown = facts.tradeState === 'REFUND' && leaving === 0 && refunds.length === 0
  if (isHalfKnown) return { event: 'payment.paidThenRefunded', eventData: facts }
  if (leaving === 0) return { eventData: facts }
  return { eventData: { ...facts, refundedFee: back, remainingFee: restOf(totalFee, leaving) } }
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
  const to = sum < order.totalFee ? 'PARTIALLY_REFUNDED' : 'REFUNDED'
  return transition(order, { to, by, at, event: 'silent' }) ?? order
}

/** Whether no payment of the order is known here. */
export const isUnpaid = ({ state }: OrderRecord): boolean =>
  state === 'CREATED' || state === 'PAYING' || state === 'CLOSED'

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
