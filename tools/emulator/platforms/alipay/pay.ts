import { type Payment, type PayOptions, RequestPaymentError } from '../payment.js'
import { fail } from './cashier.js'
import type { AlipayWorld } from './entry.js'
import { statusOf, type Trade, tradeView } from './trade.js'
import type { AlipayUser } from './users.js'

/** Pays an order and has the merchant told. Rejects with {@link RequestPaymentError}. */
export async function settle(trade: Trade, options: PayOptions, world: AlipayWorld): Promise<Payment> {
  const { couponFee = 0, coupons = [couponFee] } = options
  const { clock, terms, trades } = world
  const status = statusOf(trade, clock.now(), terms)
  if (trade.paid) fail('ACQ.TRADE_HAS_SUCCESS 交易已被支付')
  if (status === 'TRADE_CLOSED') fail('ACQ.TRADE_HAS_CLOSE 交易已经关闭')
  const paidByCoupons = coupons.reduce((sum, fee) => sum + fee, 0)
  if (paidByCoupons > trade.wish.totalFee) throw new RequestPaymentError('coupons exceed the total')
  const delivery = await trades.pay(trade, payerOf(trade, options, world), paidByCoupons)
  return { errMsg: 'requestPayment:ok', order: tradeView(trade, clock.now(), terms), delivery }
}

/** An order that names its buyer is paid by no other. */
function payerOf({ wish }: Trade, { openid }: PayOptions, { users }: AlipayWorld): AlipayUser {
  const payer = openid === undefined ? (wish.buyer ?? users.named('payer')) : users.find(openid)
  if (!payer) fail('nobody here has that id')
  if (wish.buyer && payer !== wish.buyer) fail('ACQ.TRADE_BUYER_NOT_MATCH 交易买家不匹配')
  return payer
}
