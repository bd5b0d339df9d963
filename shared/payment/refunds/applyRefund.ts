import { type EventType, pendingEvent } from '../../events/event.js'
import { type Fen, sumOf } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord, RefundEntry, RefundState, Store } from '../../store/port.js'
import { afterPayment, expectedOf, numbersOf, withRefundState } from '../orders/applyPayment.js'
import type { ApplyOutcome, Claim, Provenance } from '../orders/claim.js'
import { applyClaim } from '../orders/claim.js'
import { isUnpaid } from '../orders/states.js'
import type { PaymentProvider, RefundFacts, RefundQueryAnswer } from '../provider.js'
import { requireCapability } from '../registry.js'
import { refundResult } from './refundResult.js'
import { canBecome, contradictsRefund, notDone, refundOf, withRefund } from './states.js'

/** A refund of an order, as a provider states it. */
export type OrderRefund = RefundFacts & { outTradeNo: string }

/** The ends of a refund, and their events. */
const ends: Readonly<Partial<Record<RefundState, EventType>>> = {
  SUCCEEDED: 'refund.succeeded',
  CLOSED: 'refund.closed',
  ABNORMAL: 'refund.abnormal',
}

/** Whether nothing more is to be expected of a refund by itself. */
export const isEnd = (state: RefundState): boolean => ends[state] !== undefined

/**
 * Applies what a provider authentically states about a refund, by notice, by query, or in answer to the request.
 * `stated` are all refunds of the order in the same message.
 * A refund that was asked for elsewhere, in the merchant's console say, becomes an entry of the order. Only ends have
 * a record of their own; one that the provider gave no number is a refusal, which may happen again.
 */
export function applyRefund(
  store: Store,
  provenance: Provenance,
  facts: OrderRefund,
  stated: readonly RefundFacts[] = [facts],
): Promise<ApplyOutcome> {
  const { outTradeNo, outRefundNo, state, refundId } = facts
  const isRecorded = isEnd(state) && (state !== 'CLOSED' || refundId !== undefined)
  const claim: Claim = {
    kind: 'refund',
    ...(isRecorded ? { unique: `${refundName(provenance, facts)}:${state}` } : {}),
    outTradeNo,
    facts: refundResult(facts),
    agrees: (order) => refundAgrees(order, facts),
    expected: (order) => {
      const { refundFee, state: refundState } = refundOf(order, outRefundNo) ?? {}
      return { ...expectedOf(order), refundFee, ...(state === 'CLOSED' ? { refundState } : {}) }
    },
    after: (order) => afterRefund(order, facts, provenance, stated),
  }
  return applyClaim(store, provenance, claim)
}

/** What tells a refund from all others of an account: Alipay's numbers are unique within their order alone. */
export const refundName = (
  { provider }: Pick<Provenance, 'provider'>,
  { outTradeNo, outRefundNo }: OrderRefund,
): string => (provider === 'alipay' ? `${outTradeNo}:${outRefundNo}` : outRefundNo)

/** Whether such a claim can be true of this order. */
function refundAgrees(order: OrderRecord, facts: RefundFacts): boolean {
  const { totalFee, transactionId, outRefundNo, refundFee, refundedFee, state } = facts
  const known = refundOf(order, outRefundNo)
  const fee = refundFee ?? known?.refundFee
  if (fee === undefined || (known && known.refundFee !== fee)) return false
  if (known && contradictsRefund(known, facts)) return false
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
  stated: readonly RefundFacts[] = [facts],
): OrderRecord | undefined {
  if (facts.state === 'UNKNOWN') return notDone(order, facts, at)
  const known = refundOf(order, facts.outRefundNo)
  const refundFee = known?.refundFee ?? facts.refundFee
  if (refundFee === undefined || (known && !canBecome(known, facts.state))) return undefined
  const { state, outRefundNo, refundId, cashRefundFee, successTime } = facts
  const { couponRefundFee, couponRefundCount, couponList } = facts
  const elsewhere = { outRefundNo, refundFee, attempts: 0, requestedAt: at }
  const entry: RefundEntry = {
    ...(known ?? elsewhere),
    ...{ state, updatedAt: at },
    ...(state === 'CLOSED' ? {} : { acceptedAt: known?.acceptedAt ?? at }),
    ...omitUndefined({ refundId, cashRefundFee, successTime }),
    ...omitUndefined({ couponRefundFee, couponRefundCount, couponList }),
  }
  const paid = paidBefore(order, facts, { by, at }, stated)
  return withEnd(withRefundState(withRefund(paid, entry), by, at), facts, entry)
}

/** A refund needs a payment before it, so such a claim also proves a payment whose notice got lost. */
function paidBefore(
  order: OrderRecord,
  { transactionId, refundedFee }: RefundFacts,
  { by, at }: Pick<Provenance, 'by' | 'at'>,
  stated: readonly RefundFacts[],
): OrderRecord {
  if (transactionId === undefined || !isUnpaid(order)) return order
  const { appId, outTradeNo, totalFee, currency: feeType } = order
  const known = { appId, outTradeNo, feeType, transactionId, totalFee, tradeState: 'REFUND' } as const
  const paid = refundedFee === undefined ? known : { ...known, refundedFee }
  return afterPayment(order, paid, by, at, stated) ?? order
}

/** The most refunds that an order can have. */
const MOST_REFUNDS = 50

/** All refunds of an order, from a provider that lists them, a part of the list at a time. */
export async function listRefunds(
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<Pick<RefundQueryAnswer, 'refunds' | 'raw'>> {
  const ask = requireCapability(provider, 'refundQuery')
  const refunds: RefundFacts[] = []
  const raw: Buffer[] = []
  for (;;) {
    const answer = await ask({ ...numbersOf(order), offset: refunds.length })
    if (!answer || answer.refunds.length === 0) break
    refunds.push(...answer.refunds)
    raw.push(answer.raw)
    const { totalRefundCount = refunds.length } = answer
    if (refunds.length >= Math.min(totalRefundCount, MOST_REFUNDS)) break
  }
  return { refunds, raw: Buffer.concat(raw) }
}

function withEnd(order: OrderRecord, facts: RefundFacts, entry: RefundEntry): OrderRecord {
  const type = ends[entry.state]
  if (type === undefined) return order
  const { totalFee, state } = order
  const { asked: _asked, ...stated } = facts
  const eventData = { ...refundResult(stated), totalFee, refundFee: entry.refundFee, state }
  return { ...order, events: [...order.events, pendingEvent(type, order, eventData, entry.updatedAt)] }
}
