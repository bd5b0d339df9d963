import { unverified } from '../../alipay/signature.js'
import { type Fen, yuanToFen } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import { claimsPayment, isPaid, type PaymentFacts, type RefundFacts, type TradeState } from '../provider.js'

/** Reads a field of an authentic message by its name on the wire. Alipay leaves out a field or leaves it empty alike. */
export type FieldReader = (name: string) => string | undefined

export const fieldsIn =
  (fields: Readonly<Record<string, unknown>>): FieldReader =>
  (name) => {
    const value = fields[name]
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' && value !== '' ? value : undefined
  }

export const fieldsInForm =
  (fields: ReadonlyMap<string, string>): FieldReader =>
  (name) =>
    fields.get(name) || undefined

/** Yuan on the wire. Throws UNVERIFIED_ANSWER on a text that is no amount. */
export function amount(field: FieldReader, name: string): Fen | undefined {
  const yuan = field(name)
  try {
    return yuan === undefined ? undefined : yuanToFen(yuan, name)
  } catch {
    throw unverified(`a ${name} that is no amount`)
  }
}

/** `yyyy-MM-dd HH:mm:ss`; notices add fractions of a second here and there. */
export const dateTime = (field: FieldReader, name: string): string | undefined => field(name)?.slice(0, 19)

/**
 * How Alipay spells the states of an order. TRADE_CLOSED is an order nobody paid in time, and one that was paid and given
 * back whole. https://opendocs.alipay.com/open/82ea786a_alipay.trade.query
 */
const states: Readonly<Record<string, TradeState>> = {
  WAIT_BUYER_PAY: 'USERPAYING',
  TRADE_CLOSED: 'CLOSED',
  TRADE_SUCCESS: 'SUCCESS',
  TRADE_FINISHED: 'FINISHED',
}

export function tradeState(field: FieldReader): TradeState | undefined {
  const status = field('trade_status') ?? ''
  return Object.hasOwn(states, status) ? states[status] : undefined
}

/**
 * What an authenticated query answer or notice says of a payment. Undefined when it claims a payment without its
 * number or amount, or has amounts that are none: nothing may move on such a message.
 */
export function paymentFacts(appId: string, field: FieldReader, state: TradeState): PaymentFacts | undefined {
  try {
    const facts = readFacts(appId, field, state)
    return facts.outTradeNo !== '' && (isPaid(facts) || !claimsPayment(facts)) ? facts : undefined
  } catch {
    return undefined
  }
}

function readFacts(appId: string, field: FieldReader, state: TradeState): PaymentFacts {
  const paidAt = dateTime(field, 'gmt_payment') ?? dateTime(field, 'send_pay_date')
  const totalFee = amount(field, 'total_amount')
  // Closed is what nobody paid, and what was paid and given back whole, which alone has the time of one of the two.
  const isClosed = field('trade_status') === 'TRADE_CLOSED'
  const wasPaid = paidAt !== undefined || field('gmt_refund') !== undefined
  return omitUndefined({
    appId,
    outTradeNo: field('out_trade_no') ?? '',
    tradeState: state,
    tradeStateDesc: field('trade_status'),
    transactionId: field('trade_no'),
    totalFee,
    refundedFee: isClosed && wasPaid ? totalFee : amount(field, 'refund_fee') || undefined,
    feeType: field('trans_currency') ?? 'CNY',
    cashFee: amount(field, 'buyer_pay_amount'),
    cashFeeType: field('pay_currency'),
    settlementTotalFee: amount(field, 'settle_amount'),
    openid: field('buyer_user_id') ?? field('buyer_id') ?? field('buyer_open_id'),
    attach: unescaped(field('passback_params')),
    timeEnd: paidAt?.replace(/\D/g, ''),
  })
}

/** Alipay wants `passback_params` percent-encoded, and gives them back as they came. */
function unescaped(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * What an authenticated notice says of a refund. Without `out_biz_no` the number is known only of a refund of the whole:
 * it is the order's.
 */
export function refundFacts(field: FieldReader): RefundFacts | undefined {
  const successTime = dateTime(field, 'gmt_refund')
  const refundedFee = amount(field, 'refund_fee')
  const totalFee = amount(field, 'total_amount')
  if (!successTime || !refundedFee) return undefined
  const outRefundNo = field('out_biz_no') ?? (refundedFee === totalFee ? field('out_trade_no') : undefined)
  if (outRefundNo === undefined) return undefined
  return omitUndefined<RefundFacts>({
    state: 'SUCCEEDED',
    refundStatus: 'SUCCESS',
    outTradeNo: field('out_trade_no'),
    transactionId: field('trade_no'),
    outRefundNo,
    totalFee,
    refundedFee,
    successTime,
  })
}
