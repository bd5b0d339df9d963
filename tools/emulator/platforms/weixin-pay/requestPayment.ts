import type { Notice } from '../deliveries/notice.js'
import { type OrderInfo, type Payment, type PayOptions, RequestPaymentError } from '../payment.js'
import type { PayContext } from './ledger.js'
import { type Order, orderView, type Paid, stateOf, type Version } from './order.js'

/** The client parameters of a payment. */
export type ClientParameters = Readonly<Record<string, string>>

/** A phone takes texts only: a `timeStamp` that is a number is the classic mistake. */
function clientParameters(orderInfo: OrderInfo): ClientParameters {
  const message: Record<string, string> = Object.create(null)
  // One whole text is Alipay's, and names no order here.
  if (typeof orderInfo === 'string') return message
  for (const [name, value] of Object.entries(orderInfo)) {
    if (typeof value !== 'string') throw new RequestPaymentError(`parameter error: ${name} should be String`)
    message[name] = value
  }
  return message
}

const PREPAY_PREFIX = 'prepay_id='

/** What a mini program's or an app's parameters want to be paid; `forApp` tells the two shapes apart. */
function prepayOf(given: ClientParameters): { forApp: boolean; prepayId: string } {
  const { prepayid, package: pack = '' } = given
  if (prepayid !== undefined) return { forApp: true, prepayId: prepayid }
  return { forApp: false, prepayId: pack.startsWith(PREPAY_PREFIX) ? pack.slice(PREPAY_PREFIX.length) : '' }
}

/** How one version of the API checks what a phone was given for an order: its shape, its merchant, its signature. */
export interface ParameterChecks {
  miniProgram(given: ClientParameters, order: Order): void
  app(given: ClientParameters, order: Order): void
}

/**
 * The order a phone would pay for these client parameters, after the checks WeChat makes before it asks for the
 * password; undefined when the prepay_id is not of this version. Throws {@link RequestPaymentError}.
 */
export function orderToPay(
  orderInfo: OrderInfo,
  version: Version,
  { clock, ledger }: PayContext,
  checks: ParameterChecks,
): Order | undefined {
  const given = clientParameters(orderInfo)
  const { forApp, prepayId } = prepayOf(given)
  const order = ledger.orders.byPrepayId(prepayId)
  if (order?.terms.via !== version) return undefined
  if (forApp) checks.app(given, order)
  else checks.miniProgram(given, order)
  checkPayable(order, prepayId, clock.now())
  return order
}

/** What is checked before the payer is asked for the password. */
function checkPayable(order: Order, prepayId: string, now: number): void {
  const state = stateOf(order, now)
  if (state === 'SUCCESS' || state === 'REFUND') throw new RequestPaymentError('该订单已支付')
  if (state === 'CLOSED') throw new RequestPaymentError('该订单已关闭')
  const prepay = order.prepays.find(({ id }) => id === prepayId)
  if (!prepay || prepay.until <= now) throw new RequestPaymentError('订单已过期')
}

/** Shapes that are the same in both versions; the signature is each version's own. */
export function checkShape(
  given: ClientParameters,
  names: readonly string[],
  seconds: string | undefined,
): void {
  const missing = names.find((name) => !given[name])
  if (missing) throw new RequestPaymentError(`parameter error: ${missing} is missing`)
  if (!/^\d{10}$/.test(seconds ?? '')) throw new RequestPaymentError('parameter error: timeStamp')
}

/** Pays an order and has the merchant told. Rejects with {@link RequestPaymentError}. */
export async function payOrder(
  order: Order,
  { openid: who, couponFee = 0, coupons = couponFee > 0 ? [couponFee] : [] }: PayOptions,
  { ledger, weixinUsers, deliveries, clock }: PayContext,
  notice: (order: Order, paid: Paid) => Notice,
): Promise<Payment> {
  const { openid: wanted, totalFee } = order.terms
  const openid = who ?? wanted ?? weixinUsers.named('payer').openid
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
