import { asOpenapiError } from '../../../errors/index.js'
import type { BillReport, Difference, OrderRecord } from '../../../store/port.js'
import { isUnpaid } from '../../orders/states.js'
import type { RawBill } from '../../provider.js'
import { refundOf } from '../../refunds/states.js'
import type { KeySet } from './keySet.js'
import { movementKey } from './keySet.js'
import {
  amountsOf,
  isWellWithin,
  kindOf,
  MOST_LOOKED_INTO,
  type Movements,
  readMovements,
  refundNumber,
} from './movements.js'
import type { Day } from './ours.js'
import { flowRows, readThrough, tradeRows } from './reading/bills.js'
import type { FlowRow, TradeRow } from './reading/row.js'
import { askMovedRefund, askPayment, isOfSibling, orderOfTransaction, type Scene } from './scene.js'

/** Differences of a fund-flow bill stand beside those of the day's trade bill. */
const ofFlows = (difference: Omit<Difference, 'bill'>): Difference => ({ ...difference, bill: 'fundflow' })

/**
 * Compares all that moved on the account with the trade bill and the orders: payments and refunds that the trade bill
 * does not have, trades without their money, and other amounts or charges than the trade bill says. A merchant whose
 * contract or settings give no such bill is compared without it. Rejects when the bill is still being made.
 */
export async function compareFlows(
  scene: Scene,
  trade: RawBill | undefined,
  seen: KeySet,
  day: Day,
): Promise<void> {
  const { report, provider } = scene
  const bill = await flowBill(scene)
  if (!bill) return
  const movements = await readMovements(scene, bill, seen, day)
  const { rows, sha1, totals } = movements.summary
  report.flows = { state: 'compared', rows, sha1 }
  report.totals.push(...totals)
  if (totals.length > 0) scene.settles = false
  for (const row of movements.unlisted) await lookInto(scene, row)
  if (!trade) return
  const unmatched = await unmatchedRows(scene, trade, movements, day)
  if (unmatched.length === 0) return
  const amounts = new Map<string, number>(unmatched.map(({ key }) => [key, Number.NaN]))
  await readThrough(flowRows(provider.id, bill), (row) => {
    const key = `${kindOf(row)} ${row.businessNo}`
    if (amounts.has(key)) amounts.set(key, Math.abs(row.moved))
  })
  for (const { row, kind, key } of unmatched) {
    const found = judge(row, kind, amounts.get(key) ?? Number.NaN, movements, report.provider)
    if (found) await scene.keep(ofFlows(found))
  }
}

/** None for a day on which nothing moved, and where there is no such bill to be had, which the report tells. */
async function flowBill({ provider, report, context }: Scene): Promise<RawBill | undefined> {
  const settled = (flows: NonNullable<BillReport['flows']>): undefined => {
    report.flows = flows
  }
  try {
    const bill = await provider.fetchBill?.({ billDate: report.day, kind: 'fundflow' })
    return bill ?? settled({ state: 'none' })
  } catch (error) {
    const { advice, errCode } = asOpenapiError(error)
    if (advice === 'wait') throw error
    context.note('reconcile.noFlows', { errCode })
    return settled({ state: 'unavailable', errCode: String(errCode) })
  }
}

interface Unmatched {
  row: TradeRow
  kind: 'payment' | 'refund' | 'charge'
  key: string
}

/** Rows of the trade bill of which no movement of a fitting amount was seen. */
async function unmatchedRows(
  { provider }: Scene,
  trade: RawBill,
  { keys }: Movements,
  day: Day,
): Promise<Unmatched[]> {
  const found: Unmatched[] = []
  const check = (
    row: TradeRow,
    kind: Unmatched['kind'],
    number: string,
    amounts: readonly number[],
  ): void => {
    if (amounts.some((amount) => amount === 0 || keys.has(movementKey(kind, number, amount)))) return
    if (found.length < MOST_LOOKED_INTO) found.push({ row, kind, key: `${kind} ${number}` })
  }
  await readThrough(tradeRows(provider.id, trade), (row) => {
    const { kind, transactionId, charge, time } = row
    if ((kind !== 'payment' && kind !== 'refund') || !isWellWithin(day, time)) return
    check(row, kind, kind === 'payment' ? transactionId : refundNumber(row), amountsOf(row))
    // A part of a fen cannot move.
    if (kind === 'payment' && charge % 1000 === 0) check(row, 'charge', transactionId, [charge / 1000])
  })
  return found
}

/** What is said of a row whose movement has another amount, or is not there (`moved` is NaN). */
function judge(
  row: TradeRow,
  kind: Unmatched['kind'],
  moved: number,
  { hasPayments }: Movements,
  provider: string,
): Difference | undefined {
  const { outTradeNo, outRefundNo, transactionId, line, hasCoupon, settled } = row
  const numbers = { outTradeNo, transactionId, line, ...(kind === 'refund' ? { outRefundNo } : {}) }
  const isGone = Number.isNaN(moved)
  if (kind === 'charge') {
    // Charges may be settled apart.
    if (isGone) return undefined
    const why = 'the fund-flow bill has another charge than the trade bill'
    return { type: 'fee', ...numbers, why, there: moved, here: row.charge / 1000 }
  }
  if (kind === 'payment') {
    const here = settled
    if (!isGone && hasCoupon) return undefined
    if (!isGone) {
      const why = 'the fund-flow bill has another amount than the trade bill'
      return { type: 'amount', ...numbers, why, there: moved, here }
    }
    // Where no payment moved anything at all, their money goes to another account.
    const why = 'in the trade bill, and its money did not come in by the fund-flow bill'
    return hasPayments ? { type: 'missing-there', ...numbers, why, here } : undefined
  }
  if (hasCoupon) return undefined
  const here = row.amount
  if (provider === 'alipay') {
    const why = 'in the trade bill, and its money did not leave by the fund-flow bill'
    return { type: 'refund-missing', ...numbers, why, here }
  }
  // Its money may leave on another day.
  if (isGone) return undefined
  const why = 'the fund-flow bill has another amount than the trade bill'
  return { type: 'refund-amount', ...numbers, why, there: moved, here }
}

/** A movement that the trade bill does not have. */
async function lookInto(scene: Scene, row: FlowRow): Promise<void> {
  const found = kindOf(row) === 'refund' ? await strangeRefund(scene, row) : await strangePayment(scene, row)
  if (found) await scene.keep(ofFlows(found))
}

async function strangePayment(scene: Scene, row: FlowRow): Promise<Difference | undefined> {
  const { businessNo: transactionId, moved: there, line } = row
  const order = await orderOfTransaction(scene, transactionId, row.outNo)
  const outTradeNo = order?.outTradeNo ?? row.outNo
  const of = { outTradeNo, transactionId, there, line }
  const came = 'its money came in'
  if (!order) {
    if (await isOfSibling(scene, outTradeNo)) return undefined
    return { type: 'missing-here', ...of, why: `${came}, it is not in the trade bill, and unknown here` }
  }
  if (!isUnpaid(order))
    return { type: 'missing-there', ...of, why: `${came}, and it is not in the trade bill` }
  const answer = await askPayment(scene, order)
  const why = `${came}, ${order.state} here, and it is not in the trade bill`
  if (!answer || isUnpaid(answer.order)) return { type: 'state', ...of, why: `${why}; not settled` }
  return { type: 'state', ...of, why: `${why}; asked, and ${answer.order.state} now`, resolved: true }
}

/** WeChat Pay's may have been accepted on another day, and Alipay's have no number of ours: only orders tell. */
async function strangeRefund(scene: Scene, row: FlowRow): Promise<Difference | undefined> {
  const { businessNo, outNo, moved, line } = row
  const there = -moved
  const why = 'its money left, and the refund is unknown here'
  if (scene.provider.id === 'alipay') {
    const order = await orderOfTransaction(scene, businessNo, outNo)
    const isKnown = order?.refunds.some(({ refundFee }) => refundFee === there)
    if (isKnown || (!order && (await isOfSibling(scene, outNo)))) return undefined
    return { type: 'refund-missing', outTradeNo: outNo, transactionId: businessNo, why, there, line }
  }
  const found = await askMovedRefund(scene, { refundId: businessNo, outRefundNo: outNo })
  if (!found) return undefined
  const { order, outTradeNo, transactionId } = found
  if (order && knows(order, outNo)) return undefined
  return { type: 'refund-missing', outTradeNo, outRefundNo: outNo, transactionId, why, there, line }
}

const knows = (order: OrderRecord, outRefundNo: string): boolean => refundOf(order, outRefundNo) !== undefined
