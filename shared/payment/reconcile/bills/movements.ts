import { fromBeijing, MINUTE_MS } from '../../../clock.js'
import { lessCharge } from '../../../money.js'
import type { RawBill } from '../../provider.js'
import { KeySet, movementKey, refundedKey, transactionKey } from './keySet.js'
import type { Day } from './ours.js'
import { flowRows, readThrough } from './reading/bills.js'
import type { BillSummary, FlowRow, TradeRow } from './reading/row.js'
import type { Scene } from './scene.js'

/** What movements of payments, refunds and charges are called. The list is open, and the others are in no trade bill. */
const kinds: Readonly<Record<string, 'payment' | 'refund' | 'charge'>> = {
  交易: 'payment',
  在线支付: 'payment',
  交易付款: 'payment',
  退款: 'refund',
  交易退款: 'refund',
  扣除交易手续费: 'charge',
  收费: 'charge',
}

/** So close to midnight, in milliseconds, a payment and its movement may stand on two days. */
const MIDNIGHT_MS = 10 * MINUTE_MS

/** More of a kind than these are not looked into one by one: such a bill is another account's. */
export const MOST_LOOKED_INTO = 10_000

/** All that moved on the account on a day, as far as it is about trades. */
export interface Movements {
  summary: BillSummary
  /** Those of a payment, refund or charge of just so many fen, by {@link movementKey}. */
  keys: KeySet
  hasPayments: boolean
  /** Payments and refunds that the trade bill does not have. */
  unlisted: FlowRow[]
}

export const kindOf = ({ type, moved }: FlowRow): 'payment' | 'refund' | 'charge' | undefined => {
  const kind = kinds[type]
  return kind === 'payment' ? (moved > 0 ? kind : undefined) : moved < 0 ? kind : undefined
}

/** Whether what happened at a Beijing time is in both of the day's bills for certain. */
export function isWellWithin({ from, until }: Day, time: string): boolean {
  const at = fromBeijing(time)
  return at >= from + MIDNIGHT_MS && at < until - MIDNIGHT_MS
}

/** Reads a fund-flow bill. `seen`: what the trade bill has. */
export async function readMovements(
  { provider, report }: Scene,
  bill: RawBill,
  seen: KeySet,
  day: Day,
): Promise<Movements> {
  // A payment moves twice, in and for its charge.
  const keys = new KeySet(2 * report.rows)
  const unlisted: FlowRow[] = []
  let hasPayments = false
  const summary = await readThrough(flowRows(provider.id, bill), (row) => {
    const kind = kindOf(row)
    if (!kind) return
    const { businessNo, moved, time } = row
    keys.add(movementKey(kind, businessNo, Math.abs(moved)))
    if (kind === 'charge') return
    const refundId = provider.id === 'alipay' ? '' : businessNo
    const isKnown = seen.has(
      kind === 'payment' ? transactionKey(businessNo) : refundedKey(refundId, businessNo, -moved),
    )
    if (kind === 'payment' && isKnown) hasPayments = true
    if (!isKnown && isWellWithin(day, time) && unlisted.length < MOST_LOOKED_INTO) unlisted.push(row)
  })
  return { summary, keys, hasPayments, unlisted }
}

/** The number under which the movements of a row's refund stand: WeChat Pay's refund id, Alipay's number of the trade. */
export const refundNumber = ({ refundId, transactionId }: TradeRow): string => refundId || transactionId

/**
 * The amounts (fen) of which one has to have moved for a row: of a payment what is settled, before or after coupons; of a
 * refund that, or what was asked for, less the charge that comes back with it where it does.
 */
export function amountsOf({ kind, amount, settled, charge }: TradeRow): number[] {
  if (kind === 'payment') return [settled, amount]
  return [amount, -settled, lessCharge(amount, charge), lessCharge(-settled, charge)]
}
