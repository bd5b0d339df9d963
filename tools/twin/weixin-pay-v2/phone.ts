import { type OrderInfo, RequestPaymentError } from '../contract.js'
import type { PayWorld } from './entry.js'
import type { Order } from './orders.js'
import { isSigned, type Message, signTypeOf } from './signature.js'

const PREPAY_PREFIX = 'prepay_id='

/**
 * The order a phone would pay for these client parameters, after the checks WeChat makes before it asks for the
 * password; undefined when the prepay_id is not of this platform. Throws {@link RequestPaymentError}.
 */
export function orderOnPhone(orderInfo: OrderInfo, world: PayWorld): Order | undefined {
  const message = textsOf(orderInfo)
  const forApp = 'prepayid' in message
  const prepayId = forApp ? message.prepayid : message.package?.slice(PREPAY_PREFIX.length)
  const order = world.orders.byPrepayId(prepayId ?? '')
  if (!order) return undefined
  if (forApp) checkApp(message, order, world)
  else checkMiniProgram(message, order, world)
  checkState(order, world)
  return order
}

/** A phone takes texts only: a `timeStamp` that is a number is the classic mistake. */
function textsOf(orderInfo: OrderInfo): Message {
  const message: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(orderInfo)) {
    if (typeof value !== 'string') throw new RequestPaymentError(`parameter error: ${name} should be String`)
    message[name] = value
  }
  return message
}

function checkMiniProgram(given: Message, order: Order, { app, merchant }: PayWorld): void {
  const { timeStamp, nonceStr, package: pack, signType = 'MD5', paySign, appId = app.appId } = given
  requireAll({ timeStamp, nonceStr, package: pack, paySign })
  if (order.request.trade_type !== 'JSAPI' || appId !== order.request.appid) fail('商户号与appid不匹配')
  if (!pack?.startsWith(PREPAY_PREFIX)) fail('parameter error: package')
  const fields: Record<string, string> = { ...given, appId, signType }
  checkSignature(fields, signType, order, merchant.key, 'paySign', timeStamp)
}

function checkApp(given: Message, order: Order, { merchant }: PayWorld): void {
  const { appid, partnerid, noncestr, timestamp, sign, package: pack } = given
  requireAll({ appid, partnerid, noncestr, timestamp, sign, package: pack })
  if (order.request.trade_type !== 'APP' || appid !== order.request.appid) fail('商户号与appid不匹配')
  if (partnerid !== merchant.mchId) fail('商家存在未配置的参数')
  if (pack !== 'Sign=WXPay') fail('parameter error: package')
  checkSignature(given, order.signType, order, merchant.key, 'sign', timestamp)
}

function checkSignature(
  fields: Message,
  signType: string,
  order: Order,
  key: string,
  field: string,
  seconds = '',
): void {
  if (!/^\d{10}$/.test(seconds)) fail('parameter error: timeStamp')
  const known = signTypeOf(signType)
  const good = known === order.signType && isSigned(fields, known, key, field)
  if (!good) fail('支付验证签名失败')
}

function checkState(order: Order, { orders, clock }: PayWorld): void {
  const state = orders.stateOf(order)
  if (state === 'SUCCESS') fail('该订单已支付')
  if (state === 'CLOSED') fail('该订单已关闭')
  if (order.prepayUntil <= clock.now()) fail('订单已过期')
}

function requireAll(fields: Readonly<Record<string, string | undefined>>): void {
  const missing = Object.keys(fields).find((name) => !fields[name])
  if (missing) fail(`parameter error: ${missing} is missing`)
}

function fail(reason: string): never {
  throw new RequestPaymentError(reason)
}
