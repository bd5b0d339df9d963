import { type Order, stateOf, type Terms } from '../weixin-pay/index.js'
import type { Call, Entry, V3World } from './entry.js'
import { paramError, V3Failure } from './failure.js'
import { numberAt, textAt } from './fields.js'
import { scenes } from './scenes.js'

/** `POST /v3/pay/transactions/{jsapi,app,native,h5}`. */
export const transactions: readonly Entry[] = Object.entries(scenes).map(([name, scene]) => ({
  name: `weixin-pay-v3.${name}`,
  method: 'POST',
  path: `/v3/pay/transactions/${name}`,
  body: scene.rules,
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
