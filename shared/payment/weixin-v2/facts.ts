import { fenFromDigits } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import type { RefundState } from '../../store/port.js'
import type { FlatXml } from '../../xml/flatXml.js'
import {
  type CouponFacts,
  isPaid,
  isPaidState,
  type PaymentFacts,
  type RefundedCoupon,
  type RefundFacts,
  type TradeState,
} from '../provider.js'

/** More than one order can use. */
const MAX_COUPONS = 20

/** An empty field counts as none. */
export const text = (fields: FlatXml, name: string): string | undefined => fields.get(name) || undefined

/**
 * WeChat Pay's number of a payment has 28 digits. Shorter ones are refused, since a message that somebody cut together
 * out of a signed one (see `hidesFields`) has little room for its own.
 */
export const isPaymentNumber = (transactionId: string): boolean => /^\d{20,64}$/.test(transactionId)

function paymentNumber(fields: FlatXml): string | undefined {
  const number = text(fields, 'transaction_id')
  if (number !== undefined && !isPaymentNumber(number)) throw new Error('no transaction_id')
  return number
}

/** Fen, or any other whole number. Throws when it is none. */
function amount(fields: FlatXml, name: string) {
  const digits = text(fields, name)
  return digits === undefined ? undefined : fenFromDigits(digits, name)
}

/**
 * What an authenticated query answer or notice says of a payment. Undefined when it claims a payment without its
 * number or amount, or has amounts that are none: nothing may move on such a message.
 */
export function paymentFacts(fields: FlatXml, tradeState: TradeState): PaymentFacts | undefined {
  try {
    const facts = readFacts(fields, tradeState)
    return facts.outTradeNo !== '' && (isPaid(facts) || !isPaidState(tradeState)) ? facts : undefined
  } catch {
    return undefined
  }
}

function readFacts(fields: FlatXml, tradeState: TradeState): PaymentFacts {
  const coupons = couponList(fields)
  return omitUndefined({
    appId: fields.get('appid') ?? '',
    mchId: text(fields, 'mch_id'),
    outTradeNo: fields.get('out_trade_no') ?? '',
    tradeState,
    tradeStateDesc: text(fields, 'trade_state_desc'),
    tradeType: text(fields, 'trade_type'),
    transactionId: paymentNumber(fields),
    totalFee: amount(fields, 'total_fee'),
    feeType: text(fields, 'fee_type') ?? 'CNY',
    cashFee: amount(fields, 'cash_fee'),
    cashFeeType: text(fields, 'cash_fee_type'),
    settlementTotalFee: amount(fields, 'settlement_total_fee'),
    couponFee: amount(fields, 'coupon_fee'),
    couponCount: amount(fields, 'coupon_count'),
    couponList: coupons.length > 0 ? coupons : undefined,
    openid: text(fields, 'openid'),
    isSubscribe: text(fields, 'is_subscribe'),
    bankType: text(fields, 'bank_type'),
    deviceInfo: text(fields, 'device_info'),
    attach: text(fields, 'attach'),
    timeEnd: text(fields, 'time_end'),
  })
}

function couponList(fields: FlatXml): CouponFacts[] {
  const coupons: CouponFacts[] = []
  for (let n = 0; n < MAX_COUPONS && fields.has(`coupon_id_${n}`); n++) {
    coupons.push(
      omitUndefined({
        couponId: text(fields, `coupon_id_${n}`),
        couponType: text(fields, `coupon_type_${n}`),
        couponFee: amount(fields, `coupon_fee_${n}`),
      }),
    )
  }
  return coupons
}

/** How WeChat spells the states of a refund. CHANGE: the payer's account did not take it, and a person has to act. */
const states: Readonly<Record<string, RefundState>> = {
  SUCCESS: 'SUCCEEDED',
  PROCESSING: 'PROCESSING',
  REFUNDCLOSE: 'CLOSED',
  CHANGE: 'ABNORMAL',
}

/** What the names of one refund's own fields end with: nothing, or its place in a list. */
type Place = '' | `_${number}`

/**
 * What a message says of one refund; `refundStatus` where the message has no such field. Undefined when it says less
 * than it must, or something that no refund can be: nothing may move on such a message.
 */
export function refundFacts(
  fields: FlatXml,
  place: Place,
  refundStatus = text(fields, `refund_status${place}`),
): RefundFacts | undefined {
  const state = Object.hasOwn(states, refundStatus ?? '') ? states[refundStatus ?? ''] : undefined
  const outRefundNo = text(fields, `out_refund_no${place}`)
  if (!state || !refundStatus || outRefundNo === undefined) return undefined
  try {
    const facts = { state, refundStatus, outRefundNo, ...orderFacts(fields), ...ownFacts(fields, place) }
    return facts.refundFee === undefined ? undefined : omitUndefined<RefundFacts>(facts)
  } catch {
    return undefined
  }
}

const orderFacts = (fields: FlatXml) => ({
  outTradeNo: text(fields, 'out_trade_no'),
  transactionId: text(fields, 'transaction_id'),
  totalFee: amount(fields, 'total_fee'),
  settlementTotalFee: amount(fields, 'settlement_total_fee'),
})

function ownFacts(fields: FlatXml, place: Place) {
  const coupons = refundedCoupons(fields, place)
  return {
    refundId: text(fields, `refund_id${place}`),
    refundFee: amount(fields, `refund_fee${place}`),
    settlementRefundFee: amount(fields, `settlement_refund_fee${place}`),
    cashRefundFee: amount(fields, `cash_refund_fee${place}`),
    couponRefundFee: amount(fields, `coupon_refund_fee${place}`),
    couponRefundCount: amount(fields, `coupon_refund_count${place}`),
    couponList: coupons.length > 0 ? coupons : undefined,
    refundAccount: text(fields, `refund_account${place}`),
    refundRecvAccout: text(fields, `refund_recv_accout${place}`),
    refundChannel: text(fields, `refund_channel${place}`),
    // A list and a notice call it differently.
    successTime: text(fields, `refund_success_time${place}`) ?? text(fields, 'success_time'),
  }
}

/** Refund 1's coupon 11 is `_1_11`, refund 11's coupon 1 is `_11_1`: the names are used as they are. */
function refundedCoupons(fields: FlatXml, place: Place): RefundedCoupon[] {
  const coupons: RefundedCoupon[] = []
  for (let m = 0; m < MAX_COUPONS && fields.has(`coupon_refund_id${place}_${m}`); m++) {
    coupons.push(
      omitUndefined({
        couponRefundId: text(fields, `coupon_refund_id${place}_${m}`),
        couponType: text(fields, `coupon_type${place}_${m}`),
        couponRefundFee: amount(fields, `coupon_refund_fee${place}_${m}`),
      }),
    )
  }
  return coupons
}
