import { OUT_REFUND_NO_USED, openapiError, REFUND_TOO_MUCH } from '../../errors/index.js'
import { sumOf } from '../../money.js'
import type { OrderRecord, RefundEntry, RefundState } from '../../store/port.js'

/**
 * The transitions of a refund. A closed one may have been carried out all the same. What is not here does not happen:
 * claims come late and out of order.
 */
const transitions: Readonly<Record<RefundState, readonly RefundState[]>> = {
  REQUESTED: ['PROCESSING', 'SUCCEEDED', 'CLOSED', 'ABNORMAL'],
  UNKNOWN: ['PROCESSING', 'SUCCEEDED', 'CLOSED', 'ABNORMAL'],
  PROCESSING: ['SUCCEEDED', 'CLOSED', 'ABNORMAL'],
  ABNORMAL: ['SUCCEEDED', 'CLOSED'],
  CLOSED: ['SUCCEEDED'],
  SUCCEEDED: [],
}

export const canBecome = ({ state }: RefundEntry, next: RefundState): boolean =>
  transitions[state].includes(next)

export const refundOf = (order: OrderRecord, outRefundNo: string): RefundEntry | undefined =>
  order.refunds.find((entry) => entry.outRefundNo === outRefundNo)

/** The order with this entry in place of the one of its number. */
export const withRefund = (order: OrderRecord, entry: RefundEntry): OrderRecord => ({
  ...order,
  updatedAt: entry.updatedAt,
  refunds: [...order.refunds.filter(({ outRefundNo }) => outRefundNo !== entry.outRefundNo), entry],
})

/** What the merchant asks for. */
export type NewRefund = Pick<RefundEntry, 'outRefundNo' | 'refundFee' | 'refundDesc' | 'notifyUrl'>

const isOpen = ({ state }: RefundEntry): boolean => state === 'REQUESTED' || state === 'UNKNOWN'

/** Closed before the provider had it, which then gave it no number: the same number is still free there. */
const wasRefused = ({ state, refundId }: RefundEntry): boolean => state === 'CLOSED' && refundId === undefined

/**
 * The order with the request written into it, to be kept before the provider hears of it; undefined when the provider
 * has accepted this very refund already. `at` in milliseconds. OUT_REFUND_NO_USED, REFUND_TOO_MUCH.
 */
export function requested(order: OrderRecord, asked: NewRefund, at: number): OrderRecord | undefined {
  const known = refundOf(order, asked.outRefundNo)
  if (known && known.refundFee !== asked.refundFee) throw openapiError(OUT_REFUND_NO_USED)
  if (known && !isOpen(known) && !wasRefused(known)) return undefined
  const others = order.refunds.filter((entry) => entry !== known && entry.state !== 'CLOSED')
  const taken = sumOf(asked.refundFee, ...others.map(({ refundFee }) => refundFee))
  if (taken > order.totalFee) throw openapiError(REFUND_TOO_MUCH)
  // What may have arrived has to be repeated as it was, or the provider takes it for another request.
  const entry = known && isOpen(known) ? known : { ...asked, attempts: 0, requestedAt: at }
  return withRefund(order, { ...entry, state: 'REQUESTED', attempts: entry.attempts + 1, updatedAt: at })
}

/**
 * The order after a request that brought no acceptance; undefined when somebody knows better by now. The refund is
 * closed if it was certainly refused, and nobody else has asked for the same: otherwise nothing is known.
 */
export function unaccepted(
  order: OrderRecord,
  outRefundNo: string,
  outcome: 'failed' | 'unknown',
  at: number,
): OrderRecord | undefined {
  const known = refundOf(order, outRefundNo)
  if (known?.state !== 'REQUESTED') return undefined
  const isRefused = outcome === 'failed' && known.attempts === 1
  return withRefund(order, { ...known, state: isRefused ? 'CLOSED' : 'UNKNOWN', updatedAt: at })
}

/** How long after the last request a refund that the provider does not know is one that never came to be, in ms. */
const LATEST_ARRIVAL_MS = 10 * 60_000

/** Whether a provider that authentically knows no such refund settles it: a request may be under way, but not for ever. */
export function neverArrived(order: OrderRecord, outRefundNo: string, at: number): boolean {
  const known = refundOf(order, outRefundNo)
  return known !== undefined && isOpen(known) && at - known.updatedAt >= LATEST_ARRIVAL_MS
}
