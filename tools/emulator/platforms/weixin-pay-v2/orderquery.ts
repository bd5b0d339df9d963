import { beijingCompact } from '../../../../shared/clock.js'
import { couponFee, type Order, type Paid, stateOf, stateTexts } from '../weixin-pay/index.js'
import { BusinessFailure, type Entry } from './entry.js'

/** `POST /pay/orderquery`. */
export const orderquery: Entry = {
  name: 'weixin-pay-v2.orderquery',
  path: '/pay/orderquery',
  rules: { out_trade_no: { required: ({ transaction_id: id }) => !id } },
  answer({ transaction_id: id, out_trade_no: number = '' }, { ledger: { orders }, clock }) {
    const order = id ? orders.byTransactionId(id) : orders.byOutTradeNo(number)
    if (!order) throw new BusinessFailure('ORDERNOTEXIST', 'order not exist')
    const state = stateOf(order, clock.now())
    const { outTradeNo, deviceInfo, attach } = order.terms
    return {
      out_trade_no: outTradeNo,
      trade_state: state,
      trade_state_desc: stateTexts[state],
      ...(deviceInfo ? { device_info: deviceInfo } : {}),
      ...(attach ? { attach } : {}),
      ...(order.paid ? paymentFields(order, order.paid) : {}),
    }
  },
}

/** What a query and a notice both tell of a payment. Coupons make `cash_fee` smaller than `total_fee`. */
export function paymentFields({ terms }: Order, paid: Paid): Record<string, string> {
  return {
    openid: paid.openid,
    is_subscribe: 'N',
    trade_type: terms.tradeType,
    bank_type: 'OTHERS',
    total_fee: String(terms.totalFee),
    fee_type: 'CNY',
    cash_fee: String(terms.totalFee - couponFee(paid)),
    cash_fee_type: 'CNY',
    ...couponFields(paid),
    transaction_id: paid.transactionId,
    time_end: beijingCompact(paid.at),
  }
}

function couponFields(paid: Paid): Record<string, string> {
  if (paid.coupons.length === 0) return {}
  const each = paid.coupons.flatMap(({ id, fee }, n) => [
    [`coupon_type_${n}`, 'CASH'],
    [`coupon_id_${n}`, id],
    [`coupon_fee_${n}`, String(fee)],
  ])
  return {
    coupon_fee: String(couponFee(paid)),
    coupon_count: String(paid.coupons.length),
    ...Object.fromEntries(each),
  }
}
