import { oneLine } from '../certificates/index.js'
import type { PaymentPlatform, PayOptions } from '../payment.js'
import { type OrderInfo, RequestPaymentError } from '../payment.js'
import {
  type ClientParameters,
  checkShape,
  ledgerState,
  type Order,
  orderToPay,
  type PayContext,
  payOrder,
  platformOf,
} from '../weixin-pay/index.js'
import { payApi } from './api.js'
import { billApi, bills } from './bills.js'
import type { Entry } from './entry.js'
import { isSigned, signTypeOf } from './message.js'
import { noticeTarget, paymentNotice, refundNoticeTarget } from './notices.js'
import { closeorder, orderquery, unifiedorder } from './orders.js'
import { refund, refundquery } from './refunds.js'

const entries: readonly Entry[] = [unifiedorder, orderquery, closeorder, refund, refundquery]

/** The local api.mch.weixin.qq.com, version 2, for one merchant. */
export function weixinPayV2(context: PayContext): PaymentPlatform {
  const { ledger, merchant, files, clock } = context
  const paid = (order: Order | undefined, options: PayOptions) =>
    order?.terms.via === 'v2'
      ? payOrder(order, options, context, (...payment) => paymentNotice(...payment, context))
      : undefined
  return {
    name: platformOf('v2'),
    provider: 'weixin-v2',
    apis: [...entries.map((entry) => payApi(entry, context)), ...bills.map((bill) => billApi(bill, context))],
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
    requestPayment: (orderInfo, options) => paid(payableOrder(orderInfo, context), options),
  }
}

const payableOrder = (orderInfo: OrderInfo, context: PayContext): Order | undefined =>
  orderToPay(orderInfo, 'v2', context, {
    miniProgram: (given, order) => checkMiniProgram(given, order, context),
    app: (given, order) => checkApp(given, order, context),
  })

function checkMiniProgram(given: ClientParameters, { terms }: Order, { app, merchant }: PayContext): void {
  const { timeStamp, signType = 'MD5', appId = app.appId } = given
  checkShape(given, ['timeStamp', 'nonceStr', 'package', 'paySign'], timeStamp)
  if (terms.tradeType !== 'JSAPI' || appId !== terms.appId) fail('商户号与appid不匹配')
  const known = signTypeOf(signType)
  const fields = { ...given, appId, signType }
  const isGenuine = known === terms.signType && isSigned(fields, known, merchant.key, 'paySign')
  if (!isGenuine) fail('支付验证签名失败')
}

function checkApp(given: ClientParameters, { terms }: Order, { merchant }: PayContext): void {
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
