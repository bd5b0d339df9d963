import { oneLine } from '../certificates/index.js'
import type { PaymentPlatform, PayOptions } from '../payment.js'
import { type OrderInfo, RequestPaymentError } from '../payment.js'
import {
  checkShape,
  ledgerState,
  type Order,
  orderOnPhone,
  type PayBase,
  type PhoneTexts,
  platformOf,
  settle,
} from '../weixin-pay/index.js'
import { payApi } from './api.js'
import { billApi, bills } from './bills.js'
import type { Entry, PayWorld } from './entry.js'
import { isSigned, signTypeOf } from './message.js'
import { noticeTarget, paymentNotice, refundNoticeTarget } from './notices.js'
import { closeorder, orderquery, unifiedorder } from './orders.js'
import { refund, refundquery } from './refunds.js'

const entries: readonly Entry[] = [unifiedorder, orderquery, closeorder, refund, refundquery]

/** The local api.mch.weixin.qq.com, version 2, for one merchant. */
export function weixinPayV2(world: PayBase): PaymentPlatform {
  const { ledger, merchant, files, clock } = world
  const paid = (order: Order | undefined, options: PayOptions) =>
    order?.terms.via === 'v2'
      ? settle(order, options, world, (...payment) => paymentNotice(...payment, world))
      : undefined
  return {
    name: platformOf('v2'),
    provider: 'weixin-v2',
    apis: [...entries.map((entry) => payApi(entry, world)), ...bills.map((bill) => billApi(bill, world))],
    targets: [noticeTarget, refundNoticeTarget],
    settings: ({ secureUrl }) => ({
      WEIXIN_MCH_ID: merchant.mchId,
      WEIXIN_PAY_KEY: merchant.key,
      WEIXIN_PAY_CERT: oneLine(files.cert),
      WEIXIN_PAY_CERT_KEY: oneLine(files.key),
      WEIXIN_PAY_BASE_URL: secureUrl,
      WEIXIN_PAY_CA: oneLine(files.authority),
    }),
    state: () => ledgerState(ledger, 'v2', clock.now()),
    pay: (number, options) =>
      paid(ledger.orders.byPrepayId(number) ?? ledger.orders.byOutTradeNo(number), options),
    requestPayment: (orderInfo, options) => paid(v2OrderOnPhone(orderInfo, world), options),
  }
}

const v2OrderOnPhone = (orderInfo: OrderInfo, world: PayWorld): Order | undefined =>
  orderOnPhone(orderInfo, 'v2', world, {
    miniProgram: (given, order) => checkMiniProgram(given, order, world),
    app: (given, order) => checkApp(given, order, world),
  })

function checkMiniProgram(given: PhoneTexts, { terms }: Order, { app, merchant }: PayWorld): void {
  const { timeStamp, signType = 'MD5', appId = app.appId } = given
  checkShape(given, ['timeStamp', 'nonceStr', 'package', 'paySign'], timeStamp)
  if (terms.tradeType !== 'JSAPI' || appId !== terms.appId) fail('商户号与appid不匹配')
  const known = signTypeOf(signType)
  const fields = { ...given, appId, signType }
  const isGenuine = known === terms.signType && isSigned(fields, known, merchant.key, 'paySign')
  if (!isGenuine) fail('支付验证签名失败')
}

function checkApp(given: PhoneTexts, { terms }: Order, { merchant }: PayWorld): void {
  const { appid, partnerid, timestamp, package: pack } = given
  checkShape(given, ['appid', 'partnerid', 'noncestr', 'timestamp', 'sign', 'package'], timestamp)
  if (terms.tradeType !== 'APP' || appid !== terms.appId) fail('商户号与appid不匹配')
  if (partnerid !== merchant.mchId) fail('商家存在未配置的参数')
  if (pack !== 'Sign=WXPay') fail('parameter error: package')
  if (!isSigned(given, terms.signType, merchant.key, 'sign')) fail('支付验证签名失败')
}

function fail(reason: string): never {
  throw new RequestPaymentError(reason)
}
