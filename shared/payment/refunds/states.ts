import { MINUTE_MS } from '../../clock.js'
import {
  EARLIER_REFUND_UNRESOLVED,
  type OpenapiError,
  OUT_REFUND_NO_USED,
  openapiError,
  REFUND_TOO_MUCH,
} from '../../errors/index.js'
import { sumOf } from '../../money.js'
import type { OrderRecord, RefundEntry, RefundState } from '../../store/port.js'
import type { RefundFacts } from '../provider.js'

/**
 * The machine of refunds. A closed one may have been carried out all the same, and one under way may turn out to
 * be one of which the provider cannot say what became ({@link notDone}). What is not here does not happen: claims come
 * late and out of order.
 */
export const refundMachine: Readonly<Record<RefundState, readonly RefundState[]>> = {
  REQUESTED: ['PROCESSING', 'SUCCEEDED', 'CLOSED', 'ABNORMAL'],
  UNKNOWN: ['PROCESSING', 'SUCCEEDED', 'CLOSED', 'ABNORMAL'],
  PROCESSING: ['SUCCEEDED', 'CLOSED', 'ABNORMAL', 'UNKNOWN'],
  ABNORMAL: ['SUCCEEDED', 'CLOSED'],
  CLOSED: ['SUCCEEDED'],
  SUCCEEDED: [],
}

export const canBecome = ({ state }: RefundEntry, next: RefundState): boolean =>
  refundMachine[state].includes(next)

/** What a provider cannot say of a refund: that it failed in the end, once it was done. */
export const refundContradictions: Readonly<Partial<Record<RefundState, readonly RefundState[]>>> = {
  SUCCEEDED: ['CLOSED'],
}

/** Whether both cannot be true. A refund that has no number of the provider's is one that was refused, each time anew. */
export const contradictsRefund = (
  { state }: RefundEntry,
  { state: next, refundId }: Pick<RefundFacts, 'state' | 'refundId'>,
): boolean => refundId !== undefined && refundContradictions[state]?.includes(next) === true

export const refundOf = (order: OrderRecord, outRefundNo: string): RefundEntry | undefined =>
  order.refunds.find((entry) => entry.outRefundNo === outRefundNo)

/** The order with this entry in place of the one of its number. */
export const withRefund = (order: OrderRecord, entry: RefundEntry): OrderRecord => ({
  ...order,
  updatedAt: entry.updatedAt,
  refunds: [...order.refunds.filter(({ outRefundNo }) => outRefundNo !== entry.outRefundNo), entry],
})

/** What the merchant asks for. */
export type NewRefund = Pick<
  RefundEntry,
  | 'outRefundNo'
  | 'refundFee'
  | 'refundDesc'
  | 'notifyUrl'
  | 'refundAccount'
  | 'goodsDetail'
  | 'storeId'
  | 'queryOptions'
  | 'extra'
>

const isOpen = ({ state }: RefundEntry): boolean => state === 'REQUESTED' || state === 'UNKNOWN'

/** Longer than any request takes, in milliseconds: the process that made it has died. */
const LONGEST_REQUEST_MS = 60_000

/**
 * Whether the outcome is unknown: only its own number may be repeated. A merchant who takes another number because the
 * first one failed, as it seems, would give the money back twice.
 */
const isUnresolved = ({ state, updatedAt }: RefundEntry, at: number): boolean =>
  state === 'UNKNOWN' || (state === 'REQUESTED' && at - updatedAt >= LONGEST_REQUEST_MS)

/** Closed before the provider had it, which then gave it no number: the same number is still free there. */
export const wasRefused = ({ state, refundId }: RefundEntry): boolean =>
  state === 'CLOSED' && refundId === undefined

/**
 * The order with the request written into it, to be kept before the provider hears of it; undefined when the provider
 * has accepted this very refund already. `at` in milliseconds. OUT_REFUND_NO_USED, REFUND_TOO_MUCH, REFUND_UNRESOLVED.
 */
export function requested(order: OrderRecord, asked: NewRefund, at: number): OrderRecord | undefined {
  const known = refundOf(order, asked.outRefundNo)
  if (known && known.refundFee !== asked.refundFee) throw openapiError(OUT_REFUND_NO_USED)
  if (known && !isOpen(known) && !wasRefused(known)) return undefined
  const others = order.refunds.filter((entry) => entry !== known && entry.state !== 'CLOSED')
  const taken = sumOf(asked.refundFee, ...others.map(({ refundFee }) => refundFee))
  if (taken > order.totalFee) throw openapiError(REFUND_TOO_MUCH)
  const unresolved = others.find((entry) => isUnresolved(entry, at))
  if (unresolved) throw openapiError(EARLIER_REFUND_UNRESOLVED, { outRefundNo: unresolved.outRefundNo })
  // What may have arrived has to be repeated as it was, or the provider takes it for another request.
  const entry = known && isOpen(known) ? known : { ...asked, attempts: 0, requestedAt: at }
  return withRefund(order, { ...entry, state: 'REQUESTED', attempts: entry.attempts + 1, updatedAt: at })
}

/**
 * The order after a request that brought no acceptance; undefined when somebody knows better by now. The refund is
 * closed if it was certainly refused, and nobody else has asked for the same: otherwise nothing is known. A repeat of
 * what the provider says not to be done (see {@link notDone}) has to be refused by the provider itself.
 */
export function unaccepted(
  order: OrderRecord,
  outRefundNo: string,
  failure: OpenapiError,
  at: number,
): OrderRecord | undefined {
  const known = refundOf(order, outRefundNo)
  if (known?.state !== 'REQUESTED') return undefined
  const isFirst = known.requestedAt === known.updatedAt
  const isRefused = failure.outcome === 'failed' && known.attempts === 1 && (isFirst || isRefusal(failure))
  const attempts = isRefused || isFirst ? known.attempts : Math.max(known.attempts, 2)
  return withRefund(order, { ...known, attempts, state: isRefused ? 'CLOSED' : 'UNKNOWN', updatedAt: at })
}

/** Whether the provider itself looked at the request and refused it, and not the way there or the settings. */
const isRefusal = ({ errCode, status, advice }: OpenapiError): boolean =>
  status === 502 && advice !== 'fix the settings' && !String(errCode).startsWith('UPSTREAM_')

/** How long after it was asked for a refund may be one that Alipay does not show yet, in milliseconds. */
const SHOWN_AFTER_MS = 10_000

/**
 * The order after an authentic answer that shows a refund neither as done nor as failed, or not at all, where that
 * proves nothing (Alipay): undefined while it may still appear. It counts against the order, and may be repeated under
 * its own number; what was asked before counts no more, so that a refusal of the repeat closes it.
 */
export function notDone(
  order: OrderRecord,
  { outRefundNo, refundFee }: Pick<RefundFacts, 'outRefundNo' | 'refundFee'>,
  at: number,
): OrderRecord | undefined {
  const known = refundOf(order, outRefundNo)
  if (!known || !(isOpen(known) || known.state === 'PROCESSING') || mayStillAppear(known, at))
    return undefined
  if (known.state === 'UNKNOWN' && known.attempts === 0) return undefined
  // An amount is stated of a refund that the provider has.
  const accepted = refundFee === undefined ? {} : { acceptedAt: known.acceptedAt ?? at }
  const entry: RefundEntry = { ...known, ...accepted, state: 'UNKNOWN', attempts: 0 }
  return { ...withRefund(order, entry), updatedAt: at }
}

/** Whether so little time has passed that an answer which does not show a refund says nothing. */
export const mayStillAppear = ({ updatedAt }: RefundEntry, at: number): boolean =>
  at - updatedAt < SHOWN_AFTER_MS

/** How long after the last request a refund that the provider does not know is one that never came to be, in ms. */
const LATEST_ARRIVAL_MS = 10 * MINUTE_MS

/**
 * Whether a provider that authentically knows no such refund settles it: a request may be under way, but not for ever.
 * What the provider had once may still succeed.
 */
export function neverArrived(order: OrderRecord, outRefundNo: string, at: number): boolean {
  const known = refundOf(order, outRefundNo)
  const isLost = known !== undefined && isOpen(known) && known.acceptedAt === undefined
  return isLost && at - known.updatedAt >= LATEST_ARRIVAL_MS
}
