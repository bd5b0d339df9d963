import type { Notice } from '../notice.js'
import { type Payment, type PayOptions, RequestPaymentError } from '../payment.js'
import type { PayBase } from './ledger.js'
import { type Order, orderView, type Paid, stateOf } from './order.js'

/** Pays an order and has the merchant told. Rejects with {@link RequestPaymentError}. */
export async function settle(
  order: Order,
  { openid: who, couponFee = 0, coupons = couponFee > 0 ? [couponFee] : [] }: PayOptions,
  { ledger, people, deliveries, clock }: PayBase,
  notice: (order: Order, paid: Paid) => Notice,
): Promise<Payment> {
  const { openid: wanted, totalFee } = order.terms
  const openid = who ?? wanted ?? people.named('payer').openid
  const state = stateOf(order, clock.now())
  if (state !== 'NOTPAY') throw new RequestPaymentError(`订单状态为${state}`)
  if (wanted && openid !== wanted) throw new RequestPaymentError('下单账号与支付账号不一致')
  if (coupons.reduce((sum, fee) => sum + fee, 0) > totalFee) {
    throw new RequestPaymentError('coupons exceed the total')
  }
  const paid = ledger.orders.pay(order, openid, coupons)
  const delivery = await deliveries.send(notice(order, paid))
  return { errMsg: 'requestPayment:ok', order: orderView(order, clock.now()), delivery }
}
