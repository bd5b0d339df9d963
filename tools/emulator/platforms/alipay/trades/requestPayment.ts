import { type OrderInfo, type Payment, type PayOptions, RequestPaymentError } from '../../payment.js'
import { checkSignature } from '../api.js'
import type { AlipayContext } from '../entry.js'
import { charsetNamed, type Fields, readOrderString } from '../form.js'
import { AlipayRefusal, beijingTime, type Content, checkRules, matching } from '../rules.js'
import type { AlipayUser } from '../users.js'
import { orderOf, orderRules, sameTrade } from './orders.js'
import { statusOf, type Trade, tradeView } from './trade.js'

const TRADE_NO = /^\d{28}$/

/**
 * What happens on the phone up to the password: a mini program names its order, an app brings one signed, which
 * comes to be at this moment. Undefined when there is no such order here. Throws {@link RequestPaymentError}.
 */
export function openedTrade(orderInfo: OrderInfo, context: AlipayContext): Trade | undefined {
  if (typeof orderInfo !== 'string') return undefined
  if (TRADE_NO.test(orderInfo)) return context.trades.byTradeNo(orderInfo)
  if (!orderInfo.includes('=')) return undefined
  try {
    return tradeOf(readOrderString(orderInfo), context)
  } catch (error) {
    if (error instanceof AlipayRefusal) fail(`${error.subCode} ${error.message}`)
    if (error instanceof URIError) fail('the order string is not percent-encoded as it should be')
    throw error
  }
}

function tradeOf(params: Fields, context: AlipayContext): Trade {
  checkOrderString(params, context)
  const content = contentOf(params.biz_content ?? '')
  checkRules(
    { ...orderRules, timeout_express: { accepts: matching(/^(([5-9]|[1-9]\d+)m|[1-9]\d*[hd]|1c)$/) } },
    content,
  )
  if ((content.product_code ?? 'QUICK_MSECURITY_PAY') !== 'QUICK_MSECURITY_PAY')
    fail('ACQ.ACCESS_FORBIDDEN 无权限使用接口')
  const order = orderOf(content, params, 'QUICK_MSECURITY_PAY', context)
  return sameTrade(order, context) ?? context.trades.create(order)
}

/** It is signed exactly as it stands there, whatever time it was made: phones are handed old ones, too. */
function checkOrderString(params: Fields, context: AlipayContext): void {
  const { app_id: appId, method, version, timestamp = '' } = params
  if (appId !== context.account.appId) fail('isv.invalid-app-id 无效的AppID参数')
  if (method !== 'alipay.trade.app.pay') fail('isv.invalid-method 不存在的方法名')
  if (version !== '1.0') fail('isv.missing-version 缺少版本参数')
  const charset = charsetNamed(params.charset ?? '')
  if (!charset) fail('isv.invalid-charset 字符集错误')
  checkSignature(params, charset, context)
  if (beijingTime(timestamp) === undefined) fail('isv.invalid-timestamp 非法的时间戳参数')
}

function contentOf(text: string): Content {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Said below.
  }
  fail('isv.invalid-parameter 参数无效：biz_content')
}

/** What a failed payment says: 4000 is the wallet's own number for it. */
export function fail(reason: string): never {
  throw new RequestPaymentError(`4000 ${reason}`)
}

/** Pays an order and has the merchant told. Rejects with {@link RequestPaymentError}. */
export async function payTrade(trade: Trade, options: PayOptions, context: AlipayContext): Promise<Payment> {
  const { couponFee = 0, coupons = [couponFee] } = options
  const { clock, agreement, trades } = context
  const status = statusOf(trade, clock.now(), agreement)
  if (trade.paid) fail('ACQ.TRADE_HAS_SUCCESS 交易已被支付')
  if (status === 'TRADE_CLOSED') fail('ACQ.TRADE_HAS_CLOSE 交易已经关闭')
  const paidByCoupons = coupons.reduce((sum, fee) => sum + fee, 0)
  if (paidByCoupons > trade.order.totalFee) throw new RequestPaymentError('coupons exceed the total')
  const delivery = await trades.pay(trade, payerOf(trade, options, context), paidByCoupons)
  return { errMsg: 'requestPayment:ok', order: tradeView(trade, clock.now(), agreement), delivery }
}

/** An order that names its buyer is paid by no other. */
function payerOf({ order }: Trade, { openid }: PayOptions, { users }: AlipayContext): AlipayUser {
  const payer = openid === undefined ? (order.buyer ?? users.named('payer')) : users.find(openid)
  if (!payer) fail('nobody here has that id')
  if (order.buyer && payer !== order.buyer) fail('ACQ.TRADE_BUYER_NOT_MATCH 交易买家不匹配')
  return payer
}
