import { type EventType, pendingEvent } from '../../events/event.js'
import { type Fen, sumOf } from '../../money.js'
import type { OrderRecord, RefundEntry, RefundState, Store } from '../../store/port.js'
import { expectedOf } from '../orders/applyPayment.js'
import type { ApplyOutcome, Claim, Provenance } from '../orders/claim.js'
import { applyClaim } from '../orders/claim.js'
import { afterPayment, type OrderTrigger, withRefundState } from '../orders/states.js'
import type { RefundFacts } from '../provider.js'
import { refundResult } from './refundResult.js'
import { canBecome, refundOf, withRefund } from './states.js'

/** A refund of an order, as a provider states it. */
export type OrderRefund = RefundFacts & { outTradeNo: string }

/** The ends of a refund, and their events. */
const ends: Readonly<Partial<Record<RefundState, EventType>>> = {
  SUCCEEDED: 'refund.succeeded',
  CLOSED: 'refund.closed',
  ABNORMAL: 'refund.abnormal',
}

/**
 * Applies what a provider authentically states about a refund, by notice, by query, or in answer to the request.
 * A refund that was asked for elsewhere, in the merchant's console say, becomes an entry of the order. Only ends have
 * a record of their own; one that the provider gave no number is a refusal, which may happen again.
 */
export function applyRefund(store: Store, provenance: Provenance, facts: OrderRefund): Promise<ApplyOutcome> {
  const { outTradeNo, outRefundNo, state, refundId } = facts
  const isRecorded = ends[state] !== undefined && (state !== 'CLOSED' || refundId !== undefined)
  const claim: Claim = {
    kind: 'refund',
    ...(isRecorded ? { unique: `${outRefundNo}:${state}` } : {}),
    outTradeNo,
    facts: refundResult(facts),
    agrees: (order) => refundAgrees(order, facts),
    expected: (order) => ({ ...expectedOf(order), refundFee: refundOf(order, outRefundNo)?.refundFee }),
    after: (order) => afterRefund(order, facts, provenance),
  }
  return applyClaim(store, provenance, claim)
}

/** Whether such a claim can be true of this order. */
function refundAgrees(order: OrderRecord, facts: RefundFacts): boolean {
  const { totalFee, transactionId, outRefundNo, refundFee, refundedFee, state } = facts
  const known = refundOf(order, outRefundNo)
  const fee = refundFee ?? known?.refundFee
  if (fee === undefined || (known && known.refundFee !== fee)) return false
  if (totalFee !== undefined && totalFee !== order.totalFee) return false
  const payment = order.transactionId
  if (transactionId !== undefined && payment !== undefined && transactionId !== payment) return false
  if (state !== 'SUCCEEDED') return fee <= order.totalFee
  const all = refundedFee ?? fee
  return (
    fee <= all &&
    all <= order.totalFee &&
    sumOf(fee, ...succeededBeside(order, outRefundNo)) <= order.totalFee
  )
}

const succeededBeside = ({ refunds }: OrderRecord, outRefundNo: string): Fen[] =>
  refunds
    .filter((entry) => entry.state === 'SUCCEEDED' && entry.outRefundNo !== outRefundNo)
    .map(({ refundFee }) => refundFee)

/** The order after such a claim; undefined when nothing changes. {@link refundAgrees} was asked first. */
export function afterRefund(
  order: OrderRecord,
  facts: RefundFacts,
  { by, at }: Pick<Provenance, 'by' | 'at'>,
): OrderRecord | undefined {
  const known = refundOf(order, facts.outRefundNo)
  const refundFee = known?.refundFee ?? facts.refundFee
  if (refundFee === undefined || (known && !canBecome(known, facts.state))) return undefined
  const { state, outRefundNo, refundId, cashRefundFee, successTime } = facts
  const elsewhere = { outRefundNo, refundFee, attempts: 0, requestedAt: at }
  const entry: RefundEntry = {
    ...(known ?? elsewhere),
    ...{ state, updatedAt: at },
    ...(refundId === undefined ? {} : { refundId }),
    ...(cashRefundFee === undefined ? {} : { cashRefundFee }),
    ...(successTime === undefined ? {} : { successTime }),
  }
  const paid = paidBefore(order, facts, by, at)
  return withEnd(withRefundState(withRefund(paid, entry), by, at), facts, entry)
}

/** A refund needs a payment before it, so such a claim also proves a payment whose notice got lost. */
function paidBefore(order: OrderRecord, facts: RefundFacts, by: OrderTrigger, at: number): OrderRecord {
  const { transactionId } = facts
  if (transactionId === undefined) return order
  const { appId, outTradeNo, totalFee, currency: feeType } = order
  const paid = { appId, outTradeNo, feeType, transactionId, totalFee, tradeState: 'REFUND' } as const
  return afterPayment(order, paid, by, at) ?? order
}

function withEnd(order: OrderRecord, facts: RefundFacts, entry: RefundEntry): OrderRecord {
  const type = ends[entry.state]
  if (type === undefined) return order
  const { totalFee, state } = order
  const eventData = { ...refundResult(facts), totalFee, refundFee: entry.refundFee, state }
  return { ...order, events: [...order.events, pendingEvent(type, order, eventData, entry.updatedAt)] }
}
