import { beijingRfc3339 } from '../../../../shared/clock.js'
import { couponFee, type Refund, refundedCouponFee } from '../weixin-pay/index.js'

/** What the asking for a refund and the question about it are both answered with. */
export function refundObject(refund: Refund): object {
  const { wish, refundId, createdAt, successAt, state, coupons } = refund
  const { order, outRefundNo, refundFee, account } = wish
  return {
    refund_id: refundId,
    out_refund_no: outRefundNo,
    transaction_id: order.paid?.transactionId,
    out_trade_no: order.terms.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(successAt === undefined ? {} : { success_time: beijingRfc3339(successAt) }),
    create_time: beijingRfc3339(createdAt),
    status: state,
    funds_account: account ?? 'UNSETTLED',
    amount: {
      ...refundAmount(refund),
      from: [],
      settlement_total: order.terms.totalFee,
      settlement_refund: refundFee,
      discount_refund: refundedCouponFee(refund),
      currency: 'CNY',
      refund_fee: 0,
    },
    promotion_detail: coupons.map(({ id, fee }) => ({
      promotion_id: id,
      scope: 'GLOBAL',
      type: 'COUPON',
      amount: order.paid?.coupons.find((coupon) => coupon.id === id)?.fee,
      refund_amount: fee,
    })),
  }
}

/** The amounts that a notice tells as well. */
export function refundAmount(refund: Refund): object {
  const { order, refundFee } = refund.wish
  const total = order.terms.totalFee
  return {
    total,
    refund: refundFee,
    payer_total: total - (order.paid ? couponFee(order.paid) : 0),
    payer_refund: refundFee - refundedCouponFee(refund),
  }
}
