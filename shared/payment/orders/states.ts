import { type EventType, pendingEvent } from '../../events/event.js'
import { sumOf } from '../../money.js'
import type { OrderRecord, OrderState } from '../../store/port.js'
import { isPaid, type PaidFacts, type PaymentFacts } from '../provider.js'

/**
 * Every move an order can make, and what the merchant is told of it. What is not here does not happen: a notice
 * that comes late or out of order finds no move. Some look odd and are real: an order can be paid though the write of
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

/** Who or what moves an order; kept in its history. */
export type OrderTrigger = 'getOrderInfo' | 'notice' | 'query' | 'refund' | 'closeOrder' | 'cancelOrder'

/** How and when (ms) an order moves, and what its event tells beyond the order itself. */
export interface Transition {
  to: OrderState
  by: OrderTrigger
  at: number
  tell?: object
}

/** The order after a move, its event among the pending ones; undefined when the table has no such move. */
export function transition(
  order: OrderRecord,
  { to, by, at, tell = {} }: Transition,
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
            pendingEvent(event, { provider, merchantId, outTradeNo }, { ...tell, state: to }, at),
          ],
  }
}

/** Whether the money that was paid is the money that was asked for. */
export const agrees = (order: OrderRecord, paid: PaidFacts): boolean =>
  paid.totalFee === order.totalFee &&
  paid.feeType === order.currency &&
  (order.transactionId === undefined || order.transactionId === paid.transactionId)

/**
 * The order after a provider's authentic word about it; undefined when there is nothing in it that moves the order.
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
    // What the order knows of its payment already, a word about its end does not improve on.
    return transition({ ...proofOf(facts), ...order }, { to: 'REFUNDED', by, at, tell: facts })
  }
  const next = transition(order, { to: 'PAID', by, at, tell: facts })
  return next && withRefundState({ ...next, ...proofOf(facts) }, by, at)
}

/** The order in the state that its refunds put it in, once it was paid. */
export function withRefundState(order: OrderRecord, by: OrderTrigger, at: number): OrderRecord {
  const given = order.refunds.filter(({ state }) => state === 'SUCCEEDED')
  if (given.length === 0) return order
  const sum = sumOf(...given.map(({ refundFee }) => refundFee))
  return transition(order, { to: sum < order.totalFee ? 'PARTIALLY_REFUNDED' : 'REFUNDED', by, at }) ?? order
}

/** The app too: a payer may have asked under one and paid under another. */
function proofOf({ appId, transactionId, cashFee, openid, timeEnd }: PaidFacts): Partial<OrderRecord> {
  return {
    appId,
    transactionId,
    ...(cashFee === undefined ? {} : { cashFee }),
    ...(openid === undefined ? {} : { payerOpenid: openid }),
    ...(timeEnd === undefined ? {} : { timeEnd }),
  }
}
