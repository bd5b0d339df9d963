import { type OrderInfo, RequestPaymentError } from '../payment.js'
import { checkShape, type Order, orderOnPhone, type PhoneTexts } from '../weixin-pay/index.js'
import type { PayWorld } from './entry.js'
import { isSigned, signTypeOf } from './signature.js'

export const v2OrderOnPhone = (orderInfo: OrderInfo, world: PayWorld): Order | undefined =>
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
