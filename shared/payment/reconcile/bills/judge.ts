import { charged, decimalAt } from '../../../money.js'
import type { Difference, OrderRecord, RefundEntry } from '../../../store/port.js'
import type { TradeRow } from './reading/row.js'

/**
 * What a row says against what stands here. A bill alone moves nothing: `ask` is where only the provider can tell, and
 * its verified answer decides.
 */
export type Verdict = 'agrees' | { ask: string } | Difference

const numbersOf = ({ outTradeNo, outRefundNo, transactionId, line }: TradeRow) => ({
  outTradeNo,
  ...(outRefundNo === '' ? {} : { outRefundNo }),
  transactionId,
  line,
})

/** A difference about a row. */
export const differs = (
  row: TradeRow,
  type: Difference['type'],
  why: string,
  amounts: Pick<Difference, 'here' | 'there'> = {},
): Difference => ({ type, ...numbersOf(row), why, ...amounts })

const isUnpaid = ({ state }: OrderRecord): boolean =>
  state === 'CREATED' || state === 'PAYING' || state === 'CLOSED'

/**
 * The row of a payment. Whatever was settled, or paid in cash, is smaller than the order where coupons were used: what
 * is compared is what was ordered.
 */
export function judgePayment(row: TradeRow, order: OrderRecord, isOurApp: boolean): Verdict {
  if (row.appId !== '' && row.appId !== order.appId && !(isOurApp && isUnpaid(order))) {
    return differs(row, 'foreign-app', `paid under ${row.appId}, the order is one of ${order.appId}`)
  }
  const [there, here] = [row.amount, order.totalFee]
  if (there !== here)
    return differs(row, 'amount', 'another amount was paid than was ordered', { there, here })
  if (row.currency !== order.currency) {
    return differs(row, 'amount', `paid in ${row.currency}, ordered in ${order.currency}`, { there, here })
  }
  if (isUnpaid(order)) return { ask: `paid there, ${order.state} here` }
  if (order.transactionId !== undefined && order.transactionId !== row.transactionId) {
    return differs(row, 'duplicate', `paid here by the transaction ${order.transactionId}`)
  }
  if (row.kind === 'revoked') return differs(row, 'state', `the payment was reversed, ${order.state} here`)
  return 'agrees'
}

/** WeChat's words for refunds in bills: FAIL is the API's CLOSED, CHANGE its ABNORMAL. Alipay lists what was done. */
type RefundWord = 'done' | 'under way' | 'failed' | 'stuck'

const words: Readonly<Record<string, RefundWord>> = {
  SUCCESS: 'done',
  退款: 'done',
  PROCESSING: 'under way',
  FAIL: 'failed',
  CHANGE: 'stuck',
}

/** Our states that a row's word fits: it is written once, and what was under way then may have ended any way since. */
const fitting: Readonly<Record<RefundWord, readonly RefundEntry['state'][]>> = {
  done: ['SUCCEEDED'],
  'under way': ['PROCESSING', 'SUCCEEDED', 'CLOSED', 'ABNORMAL'],
  failed: ['CLOSED'],
  stuck: [],
}

/** The row of a refund; `entry`: what is known of it here. */
export function judgeRefund(row: TradeRow, entry: RefundEntry | undefined): Verdict {
  if (!entry) return { ask: 'a refund that nobody here asked for' }
  const [there, here] = [row.amount, entry.refundFee]
  if (there !== here) {
    return differs(row, 'refund-amount', 'another amount was given back than was asked for', { there, here })
  }
  const word = words[row.status]
  if (word === undefined || fitting[word].includes(entry.state)) return 'agrees'
  return { ask: `the refund is ${row.status} there, ${entry.state} here` }
}

/** Whether WeChat took another charge than its rate says, by a fen or more; nothing can be said without a rate. */
export function judgeCharge(row: TradeRow): Difference | undefined {
  const rate = /^(\d{1,2}\.\d{2})%$/.exec(row.rate)?.[1]
  if (row.kind !== 'payment' || rate === undefined) return undefined
  const expected = charged(row.settled, decimalAt(rate, 2))
  const distance = row.charge - expected
  if (distance > -1000 && distance < 1000) return undefined
  return differs(row, 'fee', `the charge is ${row.charge / 1000} fen, ${row.rate} are ${expected / 1000}`)
}
