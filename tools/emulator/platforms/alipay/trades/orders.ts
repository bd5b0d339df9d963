import { beijingDateTime, DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../../shared/clock.js'
import { fenIn, yuan } from '../../payment.js'
import type { AlipayContext, Entry } from '../entry.js'
import type { Fields } from '../form.js'
import {
  beijingTime,
  businessFailure,
  type Content,
  isAmount,
  isDateTime,
  matching,
  type Rules,
  textIn,
  upTo,
  wrongParameter,
} from '../rules.js'
import type { AlipayUser } from '../users.js'
import { leftFee, type Paid, statusOf, type Trade, type TradeOrder } from './trade.js'

const units: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }

/** An order that says nothing of it closes after this. */
const USUAL_LIFE_MS = 15 * DAY_MS

/** Prices are yuan. */
const isGoods = (value: unknown): boolean => {
  const { goods_id: id, goods_name: name, quantity, price } = Object(value) as Record<string, unknown>
  return upTo(64)(id) && upTo(256)(name) && Number(quantity) >= 1 && /^\d+(\.\d{1,2})?$/.test(String(price))
}

const isTexts = (value: unknown): boolean =>
  typeof value === 'object' && Object.values(Object(value)).every((each) => typeof each === 'string')

/** What an order has to be, wherever it comes from. */
export const orderRules: Rules = {
  out_trade_no: { required: true, accepts: matching(/^\w{1,64}$/) },
  total_amount: { required: true, accepts: isAmount },
  subject: { required: true, accepts: upTo(256) },
  product_code: { accepts: matching(/^[A-Z_]+$/) },
  body: { accepts: upTo(128) },
  seller_id: { accepts: matching(/^2088\d{12}$/) },
  timeout_express: { accepts: matching(/^([1-9]\d*[mhd]|1c)$/) },
  time_expire: { accepts: isDateTime },
  store_id: { accepts: upTo(32) },
  query_options: { accepts: Array.isArray },
  extend_params: { accepts: isTexts },
  goods_detail: { accepts: (value) => Array.isArray(value) && value.every(isGoods) },
  // Percent-encoded once before it is put into the JSON, or Alipay would take it apart.
  passback_params: { accepts: matching(/^[\w.!~*'()%+-]{1,512}$/) },
}

/** The order that these parameters ask for. Throws what is wrong with it. */
export function orderOf(
  content: Content,
  { notify_url: notifyUrl }: Fields,
  product: TradeOrder['product'],
  { account, clock }: AlipayContext,
): TradeOrder {
  const [passbackParams, body] = [textIn(content, 'passback_params'), textIn(content, 'body')]
  if ((textIn(content, 'seller_id') ?? account.sellerId) !== account.sellerId)
    throw wrongParameter('seller_id')
  const expiresAt = expiryOf(content, clock.now())
  if (expiresAt <= clock.now()) throw wrongParameter('time_expire')
  return {
    product,
    outTradeNo: textIn(content, 'out_trade_no') ?? '',
    totalFee: fenIn(textIn(content, 'total_amount') ?? ''),
    subject: textIn(content, 'subject') ?? '',
    expiresAt,
    fingerprint: fingerprint(content),
    ...(passbackParams === undefined ? {} : { passbackParams }),
    ...(body === undefined ? {} : { body }),
    ...(notifyUrl ? { notifyUrl } : {}),
  }
}

function expiryOf(content: Content, now: number): number {
  const fixed = textIn(content, 'time_expire')
  if (fixed !== undefined) return beijingTime(fixed) ?? 0
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(textIn(content, 'timeout_express') ?? '') ?? []
  const ms = Number(count) * (units[unit] ?? 0)
  if (ms > USUAL_LIFE_MS) throw wrongParameter('timeout_express')
  return now + (ms || USUAL_LIFE_MS)
}

/** The same for two objects that say the same in another order. */
const fingerprint = (content: Content): string =>
  JSON.stringify(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1)))

/** The order of that number, if this is the same request again. Throws when it is not, or cannot be paid any more. */
export function sameTrade(
  { outTradeNo, fingerprint: fingerprintNow }: TradeOrder,
  context: AlipayContext,
): Trade | undefined {
  const trade = context.trades.byOutTradeNo(outTradeNo)
  if (!trade) return undefined
  if (trade.paid) throw businessFailure('ACQ.TRADE_HAS_SUCCESS', '交易已被支付')
  if (statusOf(trade, context.clock.now(), context.agreement) === 'TRADE_CLOSED') {
    throw businessFailure('ACQ.TRADE_HAS_CLOSE', '交易已经关闭')
  }
  if (fingerprintNow !== trade.order.fingerprint)
    throw businessFailure('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改')
  return trade
}

/** The order that parameters name, if it is there; Alipay's number wins. */
export function findTrade(content: Content, { trades }: AlipayContext): Trade | undefined {
  const [tradeNo, outTradeNo] = [textIn(content, 'trade_no'), textIn(content, 'out_trade_no')]
  if (tradeNo !== undefined) return trades.byTradeNo(tradeNo)
  if (outTradeNo !== undefined) return trades.byOutTradeNo(outTradeNo)
  throw wrongParameter('out_trade_no')
}

export function namedTrade(content: Content, context: AlipayContext): Trade {
  const trade = findTrade(content, context)
  if (trade) return trade
  throw businessFailure('ACQ.TRADE_NOT_EXIST', '交易不存在')
}

/** Both numbers of an order, as most answers repeat them. */
export const numbersOf = ({ tradeNo, order }: Trade) => ({
  trade_no: tradeNo,
  out_trade_no: order.outTradeNo,
})

/** An order for a mini program. The same order may be asked for again, and is the same then. */
export const tradeCreate: Entry = {
  method: 'alipay.trade.create',
  content: { ...orderRules, op_app_id: { accepts: matching(/^\d{16}$/) } },
  answer({ content, params }, context) {
    const { product_code: product, op_app_id: opener } = content
    if (product !== 'JSAPI_PAY' || opener !== context.account.appId) {
      throw businessFailure('ACQ.ACCESS_FORBIDDEN', '无权限使用接口')
    }
    const order = { ...orderOf(content, params, 'JSAPI_PAY', context), buyer: buyerOf(content, context) }
    return numbersOf(sameTrade(order, context) ?? context.trades.create(order))
  },
}

/** Exactly one of the two fields, with an id that the application was told for it. */
function buyerOf(content: Content, { users, account, agreement }: AlipayContext): AlipayUser {
  const [userId, openId] = [textIn(content, 'buyer_id'), textIn(content, 'buyer_open_id')]
  const [given, other] = agreement.userIds === 'user_id' ? [userId, openId] : [openId, userId]
  if (userId === account.sellerId) throw businessFailure('ACQ.BUYER_SELLER_EQUAL', '买卖家不能相同')
  const buyer = given === undefined || other !== undefined ? undefined : users.find(given)
  if (buyer) return buyer
  throw wrongParameter(agreement.userIds === 'user_id' ? 'buyer_id' : 'buyer_open_id')
}

/** An order for an app is unknown until the payer has opened the cashier. */
export const tradeQuery: Entry = {
  method: 'alipay.trade.query',
  answer({ content }, context) {
    const trade = namedTrade(content, context)
    const { order, paid } = trade
    return {
      ...numbersOf(trade),
      trade_status: statusOf(trade, context.clock.now(), context.agreement),
      total_amount: yuan(order.totalFee),
      ...buyerFields(trade, context),
      ...(paid ? paidFields(order.totalFee, paid) : unpaid),
    }
  },
}

/** Who pays or was to pay, as answers say it. */
export function buyerFields({ paid, order }: Trade, { users }: AlipayContext): object {
  const buyer = paid?.buyer ?? order.buyer
  if (!buyer) return {}
  return { ...users.fieldOf(buyer, 'buyer_user_id', 'buyer_open_id'), buyer_logon_id: buyer.logonId }
}

const unpaid = {
  buyer_pay_amount: yuan(0),
  receipt_amount: yuan(0),
  invoice_amount: yuan(0),
  point_amount: yuan(0),
}

const paidFields = (totalFee: number, { at, couponFee }: Paid): object => ({
  buyer_pay_amount: yuan(totalFee - couponFee),
  receipt_amount: yuan(totalFee),
  invoice_amount: yuan(totalFee - couponFee),
  point_amount: yuan(0),
  discount_amount: yuan(couponFee),
  send_pay_date: beijingDateTime(at),
  fund_bill_list: [
    { fund_channel: 'ALIPAYACCOUNT', amount: yuan(totalFee - couponFee) },
    ...(couponFee > 0 ? [{ fund_channel: 'COUPON', amount: yuan(couponFee) }] : []),
  ],
})

/** Only what waits for its payer can be closed. */
export const tradeClose: Entry = {
  method: 'alipay.trade.close',
  answer({ content, params }, context) {
    const trade = namedTrade(content, context)
    if (statusOf(trade, context.clock.now(), context.agreement) !== 'WAIT_BUYER_PAY') {
      throw businessFailure('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
    }
    void context.trades.close(trade, params.notify_url)
    return numbersOf(trade)
  },
}

/**
 * For payments whose outcome is unknown: what is unpaid is closed, what is paid is given back. An order that is not
 * there is no error, and nothing is said of what was done.
 */
export const tradeCancel: Entry = {
  method: 'alipay.trade.cancel',
  faults: ['unfinished'],
  answer({ content }, context, fault) {
    const trade = findTrade(content, context)
    if (!trade) return { out_trade_no: textIn(content, 'out_trade_no') ?? '', retry_flag: 'N' }
    if (fault === 'unfinished') return { ...numbersOf(trade), retry_flag: 'Y' }
    return { ...numbersOf(trade), retry_flag: 'N', action: cancelled(trade, context) }
  },
}

const CANCELLABLE_MS = DAY_MS

function cancelled(trade: Trade, { clock, trades, refunds }: AlipayContext): 'close' | 'refund' {
  if (!trade.paid) {
    void trades.close(trade)
    return 'close'
  }
  if (clock.now() - trade.paid.at > CANCELLABLE_MS)
    throw businessFailure('ACQ.TRADE_CANCEL_TIME_OUT', '超过撤销时间范围')
  const fee = leftFee(trade)
  if (fee > 0) refunds.make(trade, { outRequestNo: trade.order.outTradeNo, isNamed: false, fee })
  return 'refund'
}
