import { sha256Hex } from '../crypto/digest.js'
import type { OrderKey, PendingEvent } from '../store/port.js'

/** The events that the merchant receives. */
export type EventType =
  | 'payment.paid'
  | 'payment.paidAfterClose'
  /** Paid, and given back in part or whole, and the provider does not say how much: look before you deliver. */
  | 'payment.paidThenRefunded'
  /** Nobody pays it any more; REFUNDED when it was paid and given back whole before anybody here knew. */
  | 'payment.closed'
  | 'refund.succeeded'
  /** It will not happen: nothing was given back. */
  | 'refund.closed'
  /** The payer's account did not take it: a person has to act in the provider's console. */
  | 'refund.abnormal'
  /**
   * Authentic, but its amount, currency, transaction or seller is not that of the order, or it contradicts itself: a
   * person has to look.
   */
  | 'payment.contradiction'
  /** Authentic, but about an order that was not made here: through the library, say. */
  | 'payment.unmatched'

/**
 * An event waiting to be delivered. Its id is made of what happened, so that the same happening, seen twice, is
 * the same event. `facts` is plain JSON; it is kept as text. `at` in milliseconds.
 */
export function pendingEvent(type: EventType, about: OrderKey, facts: object, at: number): PendingEvent {
  const { provider, merchantId, outTradeNo } = about
  const data = { ...facts, provider, merchantId, outTradeNo }
  const { transactionId = '', outRefundNo = '' } = facts as { transactionId?: string; outRefundNo?: string }
  const happening = [type, provider, merchantId, outTradeNo, transactionId, outRefundNo].join('\n')
  return waitingEvent(type, happening, data, at)
}

/** The same for what is about no order; `happening` is a text that no other event of that type shares. */
export const waitingEvent = (type: string, happening: string, data: object, at: number): PendingEvent => ({
  id: `evt_${sha256Hex(happening).slice(0, 32)}`,
  type,
  data: JSON.stringify(data),
  createdAt: at,
  state: 'waiting',
  attempts: 0,
  dueAt: at,
  plannedAt: at,
})

/** The text that is signed and sent, the same at every attempt. */
export const eventBody = ({ type, createdAt, data }: PendingEvent): string =>
  `{"type":${JSON.stringify(type)},"timestamp":"${new Date(createdAt).toISOString()}","data":${data}}`

/** The event, whose next attempt is due at `dueAt`, as was decided at `now`. Milliseconds. */
export function waitingUntil(event: PendingEvent, dueAt: number, now: number): PendingEvent {
  const { endedAt: _over, ...rest } = event
  return { ...rest, state: 'waiting', dueAt, plannedAt: now }
}

/** The event, which is delivered or given up at `now`. */
export function ended(event: PendingEvent, state: 'delivered' | 'dead', now: number): PendingEvent {
  const { dueAt: _due, plannedAt: _planned, ...rest } = event
  return { ...rest, state, endedAt: now }
}
