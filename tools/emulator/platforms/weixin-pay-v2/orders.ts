import { isIP } from 'node:net'
import { beijingCompact, MINUTE_MS, nonce } from '../../../../shared/clock.js'
import {
  couponFee,
  type Order,
  type Paid,
  type PayContext,
  stateOf,
  stateTexts,
  type Terms,
} from '../weixin-pay/index.js'
import {
  atMost,
  BusinessFailure,
  beijingMs,
  type Entry,
  isBeijingTime,
  isFee,
  isNotifyUrl,
  oneOf,
  outTradeNo,
  type Rules,
} from './entry.js'
import type { SignType } from './message.js'
import type { Message } from './xml.js'

const tradeTypes = ['JSAPI', 'NATIVE', 'APP', 'MWEB'] as const

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

const rules: Rules = {
  body: { required: true, accepts: atMost(128) },
  out_trade_no: outTradeNo,
  total_fee: { required: true, accepts: isFee },
  spbill_create_ip: { required: true, accepts: (text) => isIP(text) !== 0 },
  notify_url: { required: true, accepts: isNotifyUrl },
  trade_type: { required: true, accepts: oneOf(...tradeTypes) },
  openid: { required: ({ trade_type: type }) => type === 'JSAPI' },
  product_id: { required: ({ trade_type: type }) => type === 'NATIVE', accepts: atMost(32) },
  scene_info: {
    required: ({ trade_type: type }) => type === 'MWEB',
    accepts: (text) => text.length <= 256 && isJson(text),
  },
  device_info: { accepts: atMost(32) },
  detail: { accepts: (text) => text.length <= 6000 && (!text.startsWith('{') || isJson(text)) },
  version: { accepts: oneOf('1.0') },
  attach: { accepts: atMost(127) },
  fee_type: { accepts: oneOf('CNY') },
  time_start: { accepts: isBeijingTime },
  time_expire: { accepts: isBeijingTime },
  goods_tag: { accepts: atMost(32) },
  limit_pay: { accepts: oneOf('no_credit') },
  receipt: { accepts: oneOf('Y') },
  profit_sharing: { accepts: oneOf('Y', 'N') },
}

/** `POST /pay/unifiedorder`. */
export const unifiedorder: Entry = {
  name: 'weixin-pay-v2.unifiedorder',
  path: '/pay/unifiedorder',
  rules,
  answer(request, context, signType) {
    const terms = termsOf(request, signType)
    const order = sameOrder(terms, context) ?? newOrder(terms, context)
    const prepayId = context.ledger.orders.prepayIdOf(order)
    return {
      trade_type: terms.tradeType,
      prepay_id: prepayId,
      ...(terms.tradeType === 'NATIVE'
        ? { code_url: `weixin://wxpay/bizpayurl?pr=${nonce(context.random, 10)}` }
        : {}),
      ...(terms.tradeType === 'MWEB' ? { mweb_url: mwebUrl(prepayId) } : {}),
    }
  },
}

const mwebUrl = (prepayId: string): string =>
  `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId}`

/** Where a repeat may differ: these belong to the sending, not to the order. */
const SENDING = new Set(['sign', 'nonce_str', 'spbill_create_ip'])

function termsOf(request: Message, signType: SignType): Terms {
  const { openid, attach, device_info: deviceInfo, time_expire: expire } = request
  const kept = Object.entries(request).filter(([name, value]) => value !== '' && !SENDING.has(name))
  return {
    via: 'v2',
    appId: request.appid ?? '',
    outTradeNo: request.out_trade_no ?? '',
    tradeType: tradeTypes.find((type) => type === request.trade_type) ?? 'JSAPI',
    totalFee: Number(request.total_fee),
    description: request.body ?? '',
    notifyUrl: request.notify_url ?? '',
    ...(openid ? { openid } : {}),
    ...(attach ? { attach } : {}),
    ...(deviceInfo ? { deviceInfo } : {}),
    expiresAt: expire ? beijingMs(expire) : Number.POSITIVE_INFINITY,
    fingerprint: JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1))),
    signType,
  }
}

function newOrder(terms: Terms, { app, weixinUsers, clock, ledger }: PayContext): Order {
  const { tradeType, appId, openid = '', expiresAt } = terms
  if (tradeType === 'JSAPI' && (appId !== app.appId || !weixinUsers.find(openid))) {
    throw new BusinessFailure('PARAM_ERROR', 'appid and openid not match')
  }
  if (expiresAt < clock.now() + 60_000) {
    throw new BusinessFailure('PARAM_ERROR', 'time_expire时间过短，至少1分钟')
  }
  return ledger.orders.create(terms)
}

/**
 * The order of that number, if this is the same request again. Another amount is answered with INVALID_REQUEST, any
 * other difference with OUT_TRADE_NO_USED; the real one gives either.
 */
function sameOrder(terms: Terms, { ledger, clock }: PayContext): Order | undefined {
  const order = ledger.orders.byOutTradeNo(terms.outTradeNo)
  if (!order) return undefined
  if (order.paid) throw new BusinessFailure('ORDERPAID', '该订单已支付')
  if (stateOf(order, clock.now()) === 'CLOSED') throw new BusinessFailure('ORDERCLOSED', '该订单已关闭')
  if (terms.totalFee !== order.terms.totalFee) {
    throw new BusinessFailure('INVALID_REQUEST', '201 商户订单号重复')
  }
  if (terms.fingerprint !== order.terms.fingerprint) {
    throw new BusinessFailure('OUT_TRADE_NO_USED', '商户订单号重复')
  }
  return order
}

/** `POST /pay/orderquery`. */
export const orderquery: Entry = {
  name: 'weixin-pay-v2.orderquery',
  path: '/pay/orderquery',
  rules: { out_trade_no: { required: ({ transaction_id: id }) => !id } },
  answer({ transaction_id: id, out_trade_no: number = '' }, { ledger: { orders }, clock }) {
    const order = id ? orders.byTransactionId(id) : orders.byOutTradeNo(number)
    if (!order) throw new BusinessFailure('ORDERNOTEXIST', 'order not exist')
    const state = stateOf(order, clock.now())
    const { outTradeNo, deviceInfo, attach } = order.terms
    return {
      out_trade_no: outTradeNo,
      trade_state: state,
      trade_state_desc: stateTexts[state],
      ...(deviceInfo ? { device_info: deviceInfo } : {}),
      ...(attach ? { attach } : {}),
      ...(order.paid ? paymentFields(order, order.paid) : {}),
    }
  },
}

/** What a query and a notice both tell of a payment. Coupons make `cash_fee` smaller than `total_fee`. */
export function paymentFields({ terms }: Order, paid: Paid): Record<string, string> {
  return {
    openid: paid.openid,
    is_subscribe: 'N',
    trade_type: terms.tradeType,
    bank_type: 'OTHERS',
    total_fee: String(terms.totalFee),
    fee_type: 'CNY',
    cash_fee: String(terms.totalFee - couponFee(paid)),
    cash_fee_type: 'CNY',
    ...couponFields(paid),
    transaction_id: paid.transactionId,
    time_end: beijingCompact(paid.at),
  }
}

function couponFields(paid: Paid): Record<string, string> {
  if (paid.coupons.length === 0) return {}
  const each = paid.coupons.flatMap(({ id, fee }, n) => [
    [`coupon_type_${n}`, 'CASH'],
    [`coupon_id_${n}`, id],
    [`coupon_fee_${n}`, String(fee)],
  ])
  return {
    coupon_fee: String(couponFee(paid)),
    coupon_count: String(paid.coupons.length),
    ...Object.fromEntries(each),
  }
}

const SOONEST_MS = 5 * MINUTE_MS

/** `POST /pay/closeorder`; refused within five minutes of the order, as the documents ask for. */
export const closeorder: Entry = {
  name: 'weixin-pay-v2.closeorder',
  path: '/pay/closeorder',
  rules: { out_trade_no: outTradeNo },
  answer({ out_trade_no: number = '' }, { ledger, clock }) {
    const order = ledger.orders.byOutTradeNo(number)
    if (!order) throw new BusinessFailure('ORDERNOTEXIST', '订单不存在')
    if (order.paid) throw new BusinessFailure('ORDERPAID', '该订单已支付')
    if (stateOf(order, clock.now()) === 'CLOSED') throw new BusinessFailure('ORDERCLOSED', '该订单已关闭')
    if (clock.now() < order.createdAt + SOONEST_MS) {
      throw new BusinessFailure('TRADE_STATE_ERROR', '订单生成后5分钟内不能关闭')
    }
    order.closed = true
    return { result_msg: 'OK' }
  },
}
