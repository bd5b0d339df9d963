import { omitUndefined } from '../../operation/operation.js'
import type { RefundState } from '../../store/port.js'
import type { FlatXml } from '../../xml/flatXml.js'
import type { RefundedCoupon, RefundFacts } from '../provider.js'
import { amount, MAX_COUPONS, text } from './facts.js'

/** WeChat's words for how a refund stands. CHANGE: the payer's account did not take it, and a person has to act. */
const states: Readonly<Record<string, RefundState>> = {
  SUCCESS: 'SUCCEEDED',
  PROCESSING: 'PROCESSING',
  REFUNDCLOSE: 'CLOSED',
  CHANGE: 'ABNORMAL',
}

/** What the names of one refund's own fields end with: nothing, or its place in a list. */
export type Place = '' | `_${number}`

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
    const facts = { state, refundStatus, outRefundNo, ...ofOrder(fields), ...ofRefund(fields, place) }
    return facts.refundFee === undefined ? undefined : omitUndefined<RefundFacts>(facts)
  } catch {
    return undefined
  }
}

const ofOrder = (fields: FlatXml) => ({
  outTradeNo: text(fields, 'out_trade_no'),
  transactionId: text(fields, 'transaction_id'),
  totalFee: amount(fields, 'total_fee'),
  settlementTotalFee: amount(fields, 'settlement_total_fee'),
})

function ofRefund(fields: FlatXml, place: Place) {
  const coupons = couponList(fields, place)
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
function couponList(fields: FlatXml, place: Place): RefundedCoupon[] {
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
