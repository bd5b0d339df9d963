import { isIP } from 'node:net'
import { nonce } from '../../../shared/clock/index.js'
import { type Order, stateOf, type Terms } from '../weixin-pay/index.js'
import type { Call, Entry, V3World } from './entry.js'
import { paramError, V3Failure } from './failure.js'
import {
  anyText,
  atMost,
  isFee,
  isFlag,
  isNotifyUrl,
  isObject,
  isTime,
  matching,
  numberAt,
  oneOf,
  type Rules,
  textAt,
} from './fields.js'

const isAddress = (value: unknown): boolean => typeof value === 'string' && isIP(value) !== 0

const rules: Rules = {
  appid: { required: true, accepts: anyText },
  mchid: { required: true, accepts: anyText },
  description: { required: true, accepts: atMost(127) },
  out_trade_no: { required: true, accepts: matching(/^[0-9A-Za-z_\-|*]{6,32}$/) },
  notify_url: { required: true, accepts: isNotifyUrl },
  amount: { required: true, accepts: isObject },
  'amount.total': { required: true, accepts: isFee },
  'amount.currency': { accepts: oneOf('CNY') },
  time_expire: { accepts: isTime },
  attach: { accepts: atMost(127) },
  goods_tag: { accepts: atMost(32) },
  support_fapiao: { accepts: isFlag },
  detail: { accepts: isObject },
  'scene_info.payer_client_ip': { accepts: isAddress },
  'scene_info.device_id': { accepts: atMost(32) },
  'settle_info.profit_sharing': { accepts: isFlag },
}

interface Scene {
  tradeType: Terms['tradeType']
  rules: Rules
  answer(prepayId: string, world: V3World): object
}

const prepay = (prepayId: string) => ({ prepay_id: prepayId })

const scenes: Readonly<Record<string, Scene>> = {
  jsapi: {
    tradeType: 'JSAPI',
    rules: { 'payer.openid': { required: true, accepts: atMost(128) } },
    answer: prepay,
  },
  app: { tradeType: 'APP', rules: {}, answer: prepay },
  native: {
    tradeType: 'NATIVE',
    rules: {},
    answer: (_prepayId, { random }) => ({ code_url: `weixin://wxpay/bizpayurl?pr=${nonce(random, 10)}` }),
  },
  h5: {
    tradeType: 'MWEB',
    rules: {
      'scene_info.payer_client_ip': { required: true, accepts: isAddress },
      'scene_info.h5_info.type': { required: true, accepts: oneOf('iOS', 'Android', 'Wap') },
    },
    answer: (prepayId) => ({
      h5_url: `https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=${prepayId}`,
    }),
  },
}

/** `POST /v3/pay/transactions/{jsapi,app,native,h5}`. */
export const transactions: readonly Entry[] = Object.entries(scenes).map(([name, scene]) => ({
  name: `weixin-pay-v3.${name}`,
  method: 'POST',
  path: `/v3/pay/transactions/${name}`,
  body: { ...rules, ...scene.rules },
  answer({ body }: Call, world: V3World) {
    const terms = termsOf(body, scene.tradeType)
    const order = sameOrder(terms, world) ?? newOrder(terms, body, world)
    return scene.answer(world.ledger.orders.newPrepayId(order), world)
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
  { app, merchant, people, clock, ledger }: V3World,
): Order {
  const { tradeType, appId, openid = '', expiresAt } = terms
  if (textAt(body, 'mchid') !== merchant.mchId) throw new V3Failure(400, 'MCH_NOT_EXISTS', '商户号不存在')
  if (appId !== app.appId && appId !== app.openAppId) {
    throw new V3Failure(400, 'APPID_MCHID_NOT_MATCH', '商户号和appid不匹配')
  }
  if (tradeType === 'JSAPI' && (appId !== app.appId || !people.find(openid))) {
    throw new V3Failure(500, 'OPENID_MISMATCH', 'openid和appid不匹配')
  }
  if (expiresAt < clock.now() + 60_000) throw paramError('time_expire距当前时间至少1分钟')
  return ledger.orders.create(terms)
}

/**
 * The order of that number, if this is the same request again. Another amount is answered with INVALID_REQUEST, any
 * other difference with OUT_TRADE_NO_USED; the real one gives either.
 */
function sameOrder(terms: Terms, { ledger, clock }: V3World): Order | undefined {
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
