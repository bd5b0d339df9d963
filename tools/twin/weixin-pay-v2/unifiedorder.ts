import { isIP } from 'node:net'
import { nonce } from '../../../shared/clock/index.js'
import { BusinessFailure, type Entry, type PayWorld, type Rule, type Rules } from './entry.js'
import type { Order } from './orders.js'
import type { Message, SignType } from './signature.js'

const atMost = (max: number) => (text: string) => [...text].length <= max
const oneOf =
  (...words: string[]) =>
  (text: string) =>
    words.includes(text)
const matching = (pattern: RegExp) => (text: string) => pattern.test(text)

/** `yyyyMMddHHmmss`. */
const isBeijingTime = (text: string): boolean => /^\d{14}$/.test(text) && Number.isFinite(beijingMs(text))

function beijingMs(text: string): number {
  const [year, month, day, hour, minute, second] = [
    text.slice(0, 4),
    ...[4, 6, 8, 10, 12].map((at) => text.slice(at, at + 2)),
  ]
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
}

/** Absolute, without query or fragment, since WeChat cuts those off or refuses them. */
function isNotifyUrl(text: string): boolean {
  if (text.length > 256 || /[?#]/.test(text) || !URL.canParse(text)) return false
  return /^https?:$/.test(new URL(text).protocol)
}

export const outTradeNo: Rule = { required: true, accepts: matching(/^[0-9A-Za-z_\-|*]{6,32}$/) }

const rules: Rules = {
  body: { required: true, accepts: atMost(128) },
  out_trade_no: outTradeNo,
  total_fee: { required: true, accepts: matching(/^[1-9]\d{0,9}$/) },
  spbill_create_ip: { required: true, accepts: (text) => isIP(text) !== 0 },
  notify_url: { required: true, accepts: isNotifyUrl },
  trade_type: { required: true, accepts: oneOf('JSAPI', 'NATIVE', 'APP', 'MWEB') },
  openid: { required: ({ trade_type: type }) => type === 'JSAPI' },
  product_id: { required: ({ trade_type: type }) => type === 'NATIVE', accepts: atMost(32) },
  scene_info: { required: ({ trade_type: type }) => type === 'MWEB', accepts: atMost(256) },
  device_info: { accepts: atMost(32) },
  detail: { accepts: atMost(6000) },
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
  answer(request, world, signType) {
    const order = sameOrder(request, world) ?? newOrder(request, world, signType)
    const tradeType = request.trade_type ?? ''
    return {
      trade_type: tradeType,
      prepay_id: world.orders.prepayIdOf(order),
      ...(tradeType === 'NATIVE'
        ? { code_url: `weixin://wxpay/bizpayurl?pr=${nonce(world.random, 10)}` }
        : {}),
      ...(tradeType === 'MWEB' ? { mweb_url: mwebUrl(order) } : {}),
    }
  },
}

const mwebUrl = ({ prepayId }: Order): string =>
  `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId}`

function newOrder(request: Message, world: PayWorld, signType: SignType): Order {
  const { appid, trade_type: type, openid = '', time_expire: expire } = request
  if (type === 'JSAPI' && (appid !== world.app.appId || !world.people.find(openid))) {
    throw new BusinessFailure('PARAM_ERROR', 'appid and openid not match')
  }
  const expiresAt = expire ? beijingMs(expire) : Number.POSITIVE_INFINITY
  if (expiresAt < world.clock.now() + 60_000) {
    throw new BusinessFailure('PARAM_ERROR', 'time_expire时间过短，至少1分钟')
  }
  return world.orders.create(request, signType, expiresAt)
}

/** Where a repeat may differ: these belong to the sending, not to the order. */
const SENDING = new Set(['sign', 'nonce_str', 'spbill_create_ip'])

/**
 * The order of that number, if this is the same request again. Another amount is answered with INVALID_REQUEST, any
 * other difference with OUT_TRADE_NO_USED; the real one gives either.
 */
function sameOrder(request: Message, { orders }: PayWorld): Order | undefined {
  const order = orders.byOutTradeNo(request.out_trade_no ?? '')
  if (!order) return undefined
  const state = orders.stateOf(order)
  if (state === 'SUCCESS') throw new BusinessFailure('ORDERPAID', '该订单已支付')
  if (state === 'CLOSED') throw new BusinessFailure('ORDERCLOSED', '该订单已关闭')
  if (request.total_fee !== order.request.total_fee) {
    throw new BusinessFailure('INVALID_REQUEST', '201 商户订单号重复')
  }
  const names = Object.keys({ ...request, ...order.request }).filter((name) => !SENDING.has(name))
  if (names.some((name) => (request[name] ?? '') !== (order.request[name] ?? ''))) {
    throw new BusinessFailure('OUT_TRADE_NO_USED', '商户订单号重复')
  }
  return order
}
