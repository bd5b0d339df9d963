import { verify } from 'node:crypto'
import { type OrderInfo, RequestPaymentError } from '../payment.js'
import { checkShape, type Order, orderOnPhone, type PhoneTexts } from '../weixin-pay/index.js'
import type { V3World } from './entry.js'

/** As in V2, under RSA signatures. */
export const v3OrderOnPhone = (orderInfo: OrderInfo, world: V3World): Order | undefined =>
  orderOnPhone(orderInfo, 'v3', world, {
    miniProgram: (given, order) => checkMiniProgram(given, order, world),
    app: (given, order) => checkApp(given, order, world),
  })

function checkMiniProgram(given: PhoneTexts, { terms }: Order, world: V3World): void {
  const { timeStamp, nonceStr, package: pack, signType, paySign, appId = world.app.appId } = given
  checkShape(given, ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign'], timeStamp)
  if (terms.tradeType !== 'JSAPI' || appId !== terms.appId) fail('商户号与appid不匹配')
  if (signType !== 'RSA') fail('支付验证签名失败')
  checkSignature([appId, timeStamp, nonceStr, pack], paySign, world)
}

function checkApp(given: PhoneTexts, { terms }: Order, world: V3World): void {
  const { appid, partnerid, prepayid, noncestr, timestamp, package: pack, sign } = given
  checkShape(given, ['appid', 'partnerid', 'noncestr', 'timestamp', 'sign', 'package'], timestamp)
  if (terms.tradeType !== 'APP' || appid !== terms.appId) fail('商户号与appid不匹配')
  if (partnerid !== world.merchant.mchId) fail('商家存在未配置的参数')
  if (pack !== 'Sign=WXPay') fail('parameter error: package')
  checkSignature([appid, timestamp, noncestr, prepayid], sign, world)
}

function checkSignature(lines: readonly (string | undefined)[], sign = '', { files }: V3World): void {
  const text = lines.map((line) => `${line}\n`).join('')
  const isGenuine = verify('sha256', Buffer.from(text), files.keys.publicKey, Buffer.from(sign, 'base64'))
  if (!isGenuine) fail('支付验证签名失败')
}

function fail(reason: string): never {
  throw new RequestPaymentError(reason)
}
