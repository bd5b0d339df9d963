import {
  type Payment,
  type PaymentPlatform,
  type PayOptions,
  RequestPaymentError,
  type World,
} from '../contract.js'
import { payApi } from './api.js'
import { closeorder } from './closeorder.js'
import type { Entry, PayWorld } from './entry.js'
import { noticeTarget, paymentNotice } from './notice.js'
import { orderquery } from './orderquery.js'
import { type Order, Orders } from './orders.js'
import { orderOnPhone } from './phone.js'
import { unifiedorder } from './unifiedorder.js'

const entries: readonly Entry[] = [unifiedorder, orderquery, closeorder]

/** The twin of api.mch.weixin.qq.com, version 2, for one merchant. */
export function weixinPayV2(base: World): PaymentPlatform {
  const world: PayWorld = { ...base, orders: new Orders(base.clock, base.random) }
  const { orders, merchant } = world
  return {
    name: 'weixin-pay-v2',
    apis: entries.map((entry) => payApi(entry, world)),
    targets: [noticeTarget],
    settings: (url) => ({
      WEIXIN_MCH_ID: merchant.mchId,
      WEIXIN_PAY_KEY: merchant.key,
      WEIXIN_PAY_BASE_URL: url,
    }),
    state: () => ({ orders: orders.list() }),
    pay(number, options) {
      const order = orders.byPrepayId(number) ?? orders.byOutTradeNo(number)
      return order && settle(order, options, world)
    },
    requestPayment(orderInfo, options) {
      const order = orderOnPhone(orderInfo, world)
      return order && settle(order, options, world)
    },
  }
}

async function settle(order: Order, options: PayOptions, world: PayWorld): Promise<Payment> {
  const { orders, people, deliveries } = world
  const { couponFee = 0, openid = order.request.openid || people.named('payer').openid } = options
  if (orders.stateOf(order) !== 'NOTPAY') throw new RequestPaymentError(`订单状态为${orders.stateOf(order)}`)
  if (order.request.openid && openid !== order.request.openid) {
    throw new RequestPaymentError('下单账号与支付账号不一致')
  }
  if (couponFee > Number(order.request.total_fee))
    throw new RequestPaymentError('couponFee exceeds the total')
  const paid = orders.pay(order, openid, couponFee)
  const delivery = await deliveries.send(paymentNotice(order, paid, world))
  return { errMsg: 'requestPayment:ok', order: orders.view(order), delivery }
}
