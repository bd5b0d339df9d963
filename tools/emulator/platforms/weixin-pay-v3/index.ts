import { verify } from 'node:crypto'
import { MINUTE_MS } from '../../../../shared/clock.js'
import { BillFiles } from '../billFiles.js'
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
import { v3Api } from './api.js'
import { bills } from './bills.js'
import { certificates } from './certificates.js'
import type { Entry, V3Context } from './entry.js'
import { Nonces, PlatformKeys, type Verification } from './keys.js'
import { noticeTargets, paymentNotice } from './notices.js'
import { queries, transactions } from './orders.js'
import { refunds } from './refunds.js'

export type { Verification } from './keys.js'

const entries: readonly Entry[] = [...transactions, ...queries, ...refunds, ...bills, certificates]

const BILL_LIFE_MS = 5 * MINUTE_MS

export interface WeixinPayV3 extends PaymentPlatform {
  readonly keys: PlatformKeys
}

/** The local api.mch.weixin.qq.com, version 3, for one merchant. */
export function weixinPayV3(base: PayContext, verification: Verification): WeixinPayV3 {
  const { ledger, merchant, files, clock, random } = base
  const keys = new PlatformKeys(verification, clock, merchant.mchId)
  const context: V3Context = {
    ...base,
    keys,
    nonces: new Nonces(),
    billFiles: new BillFiles(clock, random, BILL_LIFE_MS),
  }
  const paid = (order: Order | undefined, options: PayOptions) =>
    order?.terms.via === 'v3'
      ? payOrder(order, options, context, (settled) => paymentNotice(settled, context))
      : undefined
  return {
    name: platformOf('v3'),
    provider: 'weixin-v3',
    keys,
    apis: entries.map((entry) => v3Api(entry, context)),
    targets: noticeTargets,
    settings: ({ url }) => ({
      WEIXIN_MCH_ID: merchant.mchId,
      WEIXIN_PAY_V3_KEY: merchant.v3Key,
      WEIXIN_PAY_SERIAL_NO: files.serialNo,
      WEIXIN_PAY_PRIVATE_KEY: oneLine(files.key),
      ...publicKeySettings(keys),
      WEIXIN_PAY_BASE_URL: url,
    }),
    state: () => ({
      ...ledgerState(ledger, 'v3', clock.now()),
      certificates: keys.certificates().map(({ serialNo }) => serialNo),
    }),
    pay: (number, options) =>
      paid(ledger.orders.byPrepayId(number) ?? ledger.orders.byOutTradeNo(number), options),
    requestPayment: (orderInfo, options) => paid(payableOrder(orderInfo, context), options),
  }
}

function publicKeySettings({ publicKey, publicKeyId }: PlatformKeys): Record<string, string> {
  if (publicKey === undefined) return {}
  return { WEIXIN_PAY_PUBLIC_KEY_ID: publicKeyId, WEIXIN_PAY_PUBLIC_KEY: oneLine(publicKey) }
}

/** As in V2, under RSA signatures. */
const payableOrder = (orderInfo: OrderInfo, context: V3Context): Order | undefined =>
  orderToPay(orderInfo, 'v3', context, {
    miniProgram: (given, order) => checkMiniProgram(given, order, context),
    app: (given, order) => checkApp(given, order, context),
  })

function checkMiniProgram(given: ClientParameters, { terms }: Order, context: V3Context): void {
  const { timeStamp, nonceStr, package: pack, signType, paySign, appId = context.app.appId } = given
  checkShape(given, ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign'], timeStamp)
  if (terms.tradeType !== 'JSAPI' || appId !== terms.appId) fail('商户号与appid不匹配')
  if (signType !== 'RSA') fail('支付验证签名失败')
  checkSignature([appId, timeStamp, nonceStr, pack], paySign, context)
}

function checkApp(given: ClientParameters, { terms }: Order, context: V3Context): void {
  const { appid, partnerid, prepayid, noncestr, timestamp, package: pack, sign } = given
  checkShape(given, ['appid', 'partnerid', 'noncestr', 'timestamp', 'sign', 'package'], timestamp)
  if (terms.tradeType !== 'APP' || appid !== terms.appId) fail('商户号与appid不匹配')
  if (partnerid !== context.merchant.mchId) fail('商家存在未配置的参数')
  if (pack !== 'Sign=WXPay') fail('parameter error: package')
  checkSignature([appid, timestamp, noncestr, prepayid], sign, context)
}

function checkSignature(lines: readonly (string | undefined)[], sign = '', { files }: V3Context): void {
  const text = lines.map((line) => `${line}\n`).join('')
  const isGenuine = verify('sha256', Buffer.from(text), files.keys.publicKey, Buffer.from(sign, 'base64'))
  if (!isGenuine) fail('支付验证签名失败')
}

function fail(reason: string): never {
  throw new RequestPaymentError(reason)
}
