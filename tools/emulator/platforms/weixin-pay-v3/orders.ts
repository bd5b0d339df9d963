import { beijingRfc3339 } from '../../../../shared/clock.js'
import { couponFee, type Order, type Paid, stateOf, stateTexts, type Terms } from '../weixin-pay/index.js'
import type { Call, Entry, V3Context } from './entry.js'
import { anyText, numberAt, paramError, type Rules, textAt, V3Failure } from './rules.js'
import { scenes } from './scenes.js'

/** `POST /v3/pay/transactions/{jsapi,app,native,h5}`. */
export const transactions: readonly Entry[] = Object.entries(scenes).map(([name, scene]) => ({
  name: `weixin-pay-v3.${name}`,
  method: 'POST',
  path: `/v3/pay/transactions/${name}`,
  body: scene.rules,
  answer({ body }: Call, context: V3Context) {
    const terms = termsOf(body, scene.tradeType)
    const order = sameOrder(terms, context) ?? newOrder(terms, body, context)
    return scene.answer(context.ledger.orders.newPrepayId(order), context)
  },
}))

function termsOf(body: Call['body'], tradeType: Terms['tradeType']): Terms {
  const [openid, attach, expire] = ['payer.openid', 'attach', 'time_expire'].map((path) => textAt(body, path))
  const deviceInfo = textAt(body, 'scene_info.device_id')
  return {
    via: 'v3',
    appId: textAt(body, 'appid') ?? '',
    outTradeNo: textAt(body, 'out_trade_no') ?? '',
    tradeType,
    totalFee: numberAt(body, 'amount.total'),
    description: textAt(body, 'description') ?? '',
    notifyUrl: textAt(body, 'notify_url') ?? '',
    ...(openid ? { openid } : {}),
    ...(attach ? { attach } : {}),
    ...(deviceInfo ? { deviceInfo } : {}),
    expiresAt: expire ? Date.parse(expire) : Number.POSITIVE_INFINITY,
    fingerprint: `${tradeType} ${canonical(body)}`,
    signType: 'HMAC-SHA256',
  }
}

/** The same for two objects that say the same in another order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

function newOrder(
  terms: Terms,
  body: Call['body'],
  { app, merchant, weixinUsers, clock, ledger }: V3Context,
): Order {
  const { tradeType, appId, openid = '', expiresAt } = terms
  if (textAt(body, 'mchid') !== merchant.mchId) throw new V3Failure(400, 'MCH_NOT_EXISTS', '商户号不存在')
  if (appId !== app.appId && appId !== app.openAppId) {
    throw new V3Failure(400, 'APPID_MCHID_NOT_MATCH', '商户号和appid不匹配')
  }
  if (tradeType === 'JSAPI' && (appId !== app.appId || !weixinUsers.find(openid))) {
    throw new V3Failure(500, 'OPENID_MISMATCH', 'openid和appid不匹配')
  }
  if (expiresAt < clock.now() + 60_000) throw paramError('time_expire距当前时间至少1分钟')
  return ledger.orders.create(terms)
}

/**
 * The order of that number, if this is the same request again. Another amount is answered with INVALID_REQUEST, any
 * other difference with OUT_TRADE_NO_USED; the real one gives either.
 */
function sameOrder(terms: Terms, { ledger, clock }: V3Context): Order | undefined {
  const order = ledger.orders.byOutTradeNo(terms.outTradeNo)
  if (!order) return undefined
  if (order.paid) throw new V3Failure(400, 'ORDERPAID', '该订单已支付')
  if (stateOf(order, clock.now()) === 'CLOSED') throw new V3Failure(400, 'ORDER_CLOSED', '该订单已关闭')
  if (terms.totalFee !== order.terms.totalFee) {
    throw new V3Failure(400, 'INVALID_REQUEST', '请求重入时，参数与首次请求时不一致')
  }
  if (terms.fingerprint !== order.terms.fingerprint) {
    throw new V3Failure(403, 'OUT_TRADE_NO_USED', '商户订单号重复')
  }
  return order
}

const mchid: Rules = { mchid: { required: true, accepts: anyText } }

function checkMerchant(given: string | undefined, { merchant }: V3Context): void {
  if (given !== merchant.mchId) throw new V3Failure(400, 'MCH_NOT_EXISTS', '商户号不存在')
}

function found(order: Order | undefined): Order {
  if (order) return order
  throw new V3Failure(404, 'ORDER_NOT_EXIST', '订单不存在')
}

/** `GET /v3/pay/transactions/id/{transaction_id}` */
const byId: Entry = {
  name: 'weixin-pay-v3.queryById',
  method: 'GET',
  path: '/v3/pay/transactions/id/{transaction_id}',
  query: mchid,
  answer({ params: { transaction_id: id = '' }, query }, context) {
    checkMerchant(query.mchid, context)
    if (!/^\d{28}$/.test(id)) throw new V3Failure(500, 'INVALID_TRANSACTIONID', '微信支付订单号非法')
    return transaction(found(context.ledger.orders.byTransactionId(id)), context)
  },
}

/** `GET /v3/pay/transactions/out-trade-no/{out_trade_no}` */
const byOutTradeNo: Entry = {
  name: 'weixin-pay-v3.queryByOutTradeNo',
  method: 'GET',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
  query: mchid,
  answer({ params: { out_trade_no: number = '' }, query }, context) {
    checkMerchant(query.mchid, context)
    return transaction(found(context.ledger.orders.byOutTradeNo(number)), context)
  },
}

/** `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`; unlike in V2 at any time. */
const close: Entry = {
  name: 'weixin-pay-v3.close',
  method: 'POST',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
  body: mchid,
  answer({ params: { out_trade_no: number = '' }, body }, context) {
    checkMerchant(textAt(body, 'mchid'), context)
    const order = found(context.ledger.orders.byOutTradeNo(number))
    if (order.paid) throw new V3Failure(400, 'ORDERPAID', '该订单已支付')
    if (stateOf(order, context.clock.now()) === 'CLOSED') {
      throw new V3Failure(400, 'ORDER_CLOSED', '该订单已关闭')
    }
    order.closed = true
    return undefined
  },
}

export const queries: readonly Entry[] = [byId, byOutTradeNo, close]

/** What a query and a notice both tell of an order. Coupons make `payer_total` smaller than `total`. */
export function transaction(
  order: Order,
  { merchant, clock }: Pick<V3Context, 'merchant' | 'clock'>,
): object {
  const { terms, paid } = order
  const state = stateOf(order, clock.now())
  return {
    appid: terms.appId,
    mchid: merchant.mchId,
    out_trade_no: terms.outTradeNo,
    trade_state: state,
    trade_state_desc: stateTexts[state],
    ...(terms.attach ? { attach: terms.attach } : {}),
    ...(terms.deviceInfo ? { scene_info: { device_id: terms.deviceInfo } } : {}),
    ...(paid ? paidFields(order, paid) : { amount: { total: terms.totalFee, currency: 'CNY' } }),
  }
}

const paidFields = ({ terms }: Order, paid: Paid): object => ({
  transaction_id: paid.transactionId,
  trade_type: terms.tradeType,
  bank_type: 'OTHERS',
  success_time: beijingRfc3339(paid.at),
  payer: { openid: paid.openid },
  amount: {
    total: terms.totalFee,
    payer_total: terms.totalFee - couponFee(paid),
    currency: 'CNY',
    payer_currency: 'CNY',
  },
  ...(paid.coupons.length > 0
    ? {
        promotion_detail: paid.coupons.map(({ id, fee }) => ({
          coupon_id: id,
          name: '代金券',
          scope: 'GLOBAL',
          type: 'CASH',
          amount: fee,
          wechatpay_contribute: 0,
          merchant_contribute: fee,
          other_contribute: 0,
          currency: 'CNY',
        })),
      }
    : {}),
})
