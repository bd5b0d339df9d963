import { type Fen, fen, sumOf } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import type { RefundState } from '../../store/port.js'
import {
  type CouponFacts,
  isPaid,
  isPaidState,
  type PaymentFacts,
  type RefundedCoupon,
  type RefundFacts,
  weixinTradeStates,
} from '../provider.js'
import {
  amount,
  compactTime,
  dateTime,
  type Fields,
  Incomplete,
  inner,
  list,
  oneOf,
  requiredText,
  text,
} from './fields.js'

/**
 * What an authentic query answer or notice says of a payment, in V2's names. Throws {@link Incomplete}, also when it
 * claims a payment without its number or amount: nothing may move on such a message.
 */
export function paymentFacts(fields: Fields): PaymentFacts {
  const money = inner(fields, 'amount')
  const facts: PaymentFacts = omitUndefined({
    appId: requiredText(fields, 'appid'),
    mchId: requiredText(fields, 'mchid'),
    outTradeNo: requiredText(fields, 'out_trade_no'),
    tradeState: oneOf(fields, 'trade_state', weixinTradeStates),
    tradeStateDesc: text(fields, 'trade_state_desc'),
    tradeType: text(fields, 'trade_type'),
    transactionId: text(fields, 'transaction_id'),
    totalFee: amount(money, 'total'),
    feeType: text(money, 'currency') ?? 'CNY',
    cashFee: amount(money, 'payer_total'),
    cashFeeType: text(money, 'payer_currency'),
    ...coupons(fields),
    openid: text(inner(fields, 'payer'), 'openid'),
    bankType: text(fields, 'bank_type'),
    deviceInfo: text(inner(fields, 'scene_info'), 'device_id'),
    attach: text(fields, 'attach'),
    timeEnd: compactTime(fields, 'success_time'),
  })
  if (isPaidState(facts.tradeState) && !isPaid(facts)) {
    throw new Incomplete(facts.transactionId === undefined ? 'transaction_id' : 'amount.total')
  }
  return facts
}

function coupons(fields: Fields): Pick<PaymentFacts, 'couponFee' | 'couponCount' | 'couponList'> {
  const couponList = list(fields, 'promotion_detail').map(coupon)
  if (couponList.length === 0) return {}
  const couponFee = sumOf(...couponList.map(({ couponFee = fen(0) }) => couponFee))
  return { couponFee, couponCount: couponList.length, couponList }
}

function coupon(fields: Fields): CouponFacts {
  const type = text(fields, 'type')
  return omitUndefined({
    couponId: text(fields, 'coupon_id'),
    couponType: type === 'NOCASH' ? 'NO_CASH' : type,
    couponFee: amount(fields, 'amount'),
  })
}

/** V3's states of a refund: what they are here, and V2's name, which is the one the reference documents promise. */
const refundStates = {
  SUCCESS: { state: 'SUCCEEDED', refundStatus: 'SUCCESS' },
  PROCESSING: { state: 'PROCESSING', refundStatus: 'PROCESSING' },
  CLOSED: { state: 'CLOSED', refundStatus: 'REFUNDCLOSE' },
  ABNORMAL: { state: 'ABNORMAL', refundStatus: 'CHANGE' },
} as const satisfies Record<string, { state: RefundState; refundStatus: string }>

const refundStatuses = Object.keys(refundStates) as (keyof typeof refundStates)[]

/**
 * What an authentic answer (`statusName` is `status`) or notice (`refund_status`) says of a refund. Throws
 * {@link Incomplete}.
 */
export function refundFacts(fields: Fields, statusName: 'status' | 'refund_status'): RefundFacts {
  const money = inner(fields, 'amount')
  return omitUndefined({
    ...refundStates[oneOf(fields, statusName, refundStatuses)],
    outTradeNo: requiredText(fields, 'out_trade_no'),
    transactionId: text(fields, 'transaction_id'),
    outRefundNo: requiredText(fields, 'out_refund_no'),
    refundId: requiredText(fields, 'refund_id'),
    totalFee: amount(money, 'total'),
    refundFee: amount(money, 'refund'),
    settlementTotalFee: amount(money, 'settlement_total'),
    settlementRefundFee: amount(money, 'settlement_refund'),
    cashRefundFee: amount(money, 'payer_refund'),
    ...refundedCoupons(fields, amount(money, 'discount_refund')),
    refundAccount: text(fields, 'funds_account'),
    refundRecvAccout: text(fields, 'user_received_account'),
    refundChannel: text(fields, 'channel'),
    successTime: dateTime(fields, 'success_time'),
  })
}

type RefundedCoupons = Pick<RefundFacts, 'couponRefundFee' | 'couponRefundCount' | 'couponList'>

/** What goes back to coupons, in V2's names: answers say it, notices do not. */
function refundedCoupons(fields: Fields, couponRefundFee: Fen | undefined): RefundedCoupons {
  const coupons = list(fields, 'promotion_detail').map(refundedCoupon)
  if (coupons.length === 0)
    return couponRefundFee === undefined ? {} : { couponRefundFee, couponRefundCount: 0 }
  const sum = sumOf(...coupons.map(({ couponRefundFee = fen(0) }) => couponRefundFee))
  return {
    couponRefundFee: couponRefundFee ?? sum,
    couponRefundCount: coupons.length,
    couponList: coupons,
  }
}

/** A COUPON is one that was paid for in advance, as V2's CASH is, a DISCOUNT one that was not. */
const couponTypes: Readonly<Record<string, string>> = {
  COUPON: 'CASH',
  DISCOUNT: 'NO_CASH',
  NOCASH: 'NO_CASH',
}

function refundedCoupon(fields: Fields): RefundedCoupon {
  const type = text(fields, 'type') ?? ''
  return omitUndefined({
    couponRefundId: text(fields, 'promotion_id'),
    couponType: Object.hasOwn(couponTypes, type) ? couponTypes[type] : type || undefined,
    couponRefundFee: amount(fields, 'refund_amount'),
  })
}
