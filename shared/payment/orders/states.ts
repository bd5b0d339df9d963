import { type EventType, pendingEvent } from '../../events/event.js'
import { sumOf } from '../../money.js'
import type { OrderRecord, OrderState } from '../../store/port.js'
import { isPaid, type PaidFacts, type PaymentFacts } from '../provider.js'

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
export type OrderTrigger = 'getOrderInfo' | 'notice' | 'query' | 'refund' | 'closeOrder' | 'cancelOrder'

/** Where an order goes, why and when (ms), and what its event has beyond the order itself. */
export interface Transition {
  to: OrderState
  by: OrderTrigger
  at: number
  eventData?: object
}

/** The order after a transition, its event among the pending ones; undefined when the table has no such transition. */
export function transition(
  order: OrderRecord,
  { to, by, at, eventData = {} }: Transition,
): OrderRecord | undefined {
  const event = transitions[order.state][to]
  if (event === undefined) return undefined
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
  (order.transactionId === undefined || order.transactionId === paid.transactionId)

/**
 * The order after a claim about its payment; undefined when nothing in the claim changes the order.
 * The caller has asked {@link agrees} first.
 */
export function afterPayment(
  order: OrderRecord,
  facts: PaymentFacts,
  by: OrderTrigger,
  at: number,
): OrderRecord | undefined {
  if (!isPaid(facts)) {
    return facts.tradeState === 'CLOSED' ? transition(order, { to: 'CLOSED', by, at }) : undefined
  }
  if (facts.refundedFee === facts.totalFee) {
    // What the order has of its payment already is better than what a claim about its end has.
    return transition({ ...paymentDetails(facts), ...order }, { to: 'REFUNDED', by, at, eventData: facts })
  }
  const next = transition(order, { to: 'PAID', by, at, eventData: facts })
  return next && withRefundState({ ...next, ...paymentDetails(facts) }, by, at)
}

/** The order in the state that its refunds put it in, once it was paid. */
export function withRefundState(order: OrderRecord, by: OrderTrigger, at: number): OrderRecord {
  const given = order.refunds.filter(({ state }) => state === 'SUCCEEDED')
  if (given.length === 0) return order
  const sum = sumOf(...given.map(({ refundFee }) => refundFee))
  return transition(order, { to: sum < order.totalFee ? 'PARTIALLY_REFUNDED' : 'REFUNDED', by, at }) ?? order
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
