import { BusinessFailure, type Entry } from './entry.js'
import type { Order, Paid, TradeState } from './orders.js'

const descriptions: Readonly<Record<TradeState, string>> = {
  SUCCESS: '支付成功',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
}

/** `POST /pay/orderquery`. */
export const orderquery: Entry = {
  name: 'weixin-pay-v2.orderquery',
  path: '/pay/orderquery',
  rules: { out_trade_no: { required: ({ transaction_id: id }) => !id } },
  answer({ transaction_id: id, out_trade_no: number = '' }, { orders }) {
    const order = id ? orders.byTransactionId(id) : orders.byOutTradeNo(number)
    if (!order) throw new BusinessFailure('ORDERNOTEXIST', 'order not exist')
    const state = orders.stateOf(order)
    return {
      out_trade_no: order.outTradeNo,
      trade_state: state,
      trade_state_desc: descriptions[state],
      ...(order.request.device_info ? { device_info: order.request.device_info } : {}),
      ...(order.request.attach ? { attach: order.request.attach } : {}),
      ...(order.paid ? paymentFields(order, order.paid) : {}),
    }
  },
}

/** What a query and a notice both tell of a payment. Coupons make `cash_fee` smaller than `total_fee`. */
export function paymentFields({ request }: Order, paid: Paid): Record<string, string> {
  const { couponFee } = paid
  const coupon = {
    coupon_fee: String(couponFee),
    coupon_count: '1',
    coupon_type_0: 'CASH',
    coupon_id_0: paid.couponId,
    coupon_fee_0: String(couponFee),
  }
  return {
    openid: paid.openid,
    is_subscribe: 'N',
    trade_type: request.trade_type ?? '',
    bank_type: 'OTHERS',
    total_fee: request.total_fee ?? '',
    fee_type: 'CNY',
    cash_fee: String(Number(request.total_fee) - couponFee),
    cash_fee_type: 'CNY',
    ...(couponFee > 0 ? coupon : {}),
    transaction_id: paid.transactionId,
    time_end: paid.timeEnd,
  }
}
