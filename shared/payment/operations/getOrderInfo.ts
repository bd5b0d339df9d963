import {
  invalidParam,
  meaningsOf,
  ORDER_CLOSED,
  ORDER_NOT_FOUND,
  ORDER_PAID,
  OUT_TRADE_NO_USED,
  UNKNOWN_MERCHANT,
} from '../../errors/index.js'
import { object, optional } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord, SessionRecord } from '../../store/port.js'
import * as fields from '../fields.js'
import { orderOfClient, orderOfServer, serversOwn, startPaying } from '../orders/startPaying.js'
import type { Extra } from '../parameters/extra.js'
import { expressEnd, type OrderParameters } from '../parameters/orderParameters.js'
import { orderFields } from '../parameters/schemas.js'
import type { OrderInfo, PaymentProvider, ProviderEntry, Scene } from '../provider.js'
import { entryOf, notifyUrlFor, openProvider, providerSettings } from '../registry.js'

const input = object({
  outTradeNo: fields.outTradeNo,
  payToken: optional(fields.payToken),
  clientType: optional(fields.clientType),
  totalFee: optional(fields.totalFee),
  openid: optional(fields.openid),
  ...orderFields,
  provider: optional(fields.provider),
  mchId: optional(fields.mchId),
  expireMinutes: optional(fields.expireMinutes),
})

export interface OrderInfoAnswer {
  provider: string
  /** Goes into `uni.requestPayment` as it is. */
  orderInfo: OrderInfo
}

/**
 * What a client hands to `uni.requestPayment`. A client names its order and nothing else; a server may describe
 * the order in the same call, as the library's users do.
 */
export const getOrderInfo = {
  name: 'payment.getOrderInfo',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: "What the client's payment call needs", zh: '获取客户端支付所需参数' },
  input,
  reach: 'client',
  serversOwn,
  session: 'optional',
  repeat: 'safe',
  settings: [...providerSettings, 'NOTIFY_BASE_URL', 'ALLOW_CLIENT_PRICING'],
  errors: meaningsOf(ORDER_NOT_FOUND, ORDER_PAID, ORDER_CLOSED, OUT_TRADE_NO_USED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<OrderInfoAnswer> {
    const found =
      context.source === 'client' ? await orderOfClient(given, context) : await orderOfServer(given, context)
    const provider = await openProvider(context, found.provider, found.merchantId)
    const parameters = parsed<OrderParameters>(found.parameters)
    const asked = fields.sceneOfTrade(parameters?.tradeType, given.clientType)
    const stated = given.clientType ?? context.client?.platform
    const scene = sceneFor({ stated, asked }, found, provider, context)
    const appId = provider.appIdFor(scene, context.session?.appId ?? found.appId)
    const own = given.notifyUrl ?? found.notifyUrl
    const notifyUrl = own ?? notifyUrlFor(context.settings, 'verifyPaymentNotify', found)
    const payerIp = fields.payerIpOf(found.payerIp ?? given.spbillCreateIp ?? context.client?.ip)
    const order = await startPaying(context, found, {
      ...{ appId, notifyUrl: own, parameters: found.parameters, extra: found.extra, payerIp },
      expiresAt: found.expiresAt ?? endOf(parameters, context) ?? endAtCashier(context, provider, scene),
    })
    const { outTradeNo, totalFee, currency, body, attach, expiresAt } = order
    const orderInfo = await provider.getOrderInfo(
      omitUndefined({
        ...{ scene, appId, outTradeNo, totalFee, currency, body, attach, expiresAt, notifyUrl },
        openid: order.openid ?? payerOf(order, context),
        payerIp: order.payerIp ?? payerIp,
        parameters: parsed<OrderParameters>(order.parameters),
        extra: parsed<Extra>(order.extra),
      }),
    )
    return { provider: order.provider, orderInfo }
  },
} satisfies Operation<typeof input, OrderInfoAnswer>

/** In which wallet these mini programs run. */
const walletOf: ReadonlyMap<string, ProviderEntry['family']> = new Map([
  ['mp-weixin', 'weixin'],
  ['mp-alipay', 'alipay'],
])

/**
 * Where the payer is. Parameters for another scene cannot be used there, and asking for them uses the order's number
 * up: so a login decides, since its code came from an application that is known, and what the caller states about
 * itself decides where there is none. INVALID_PARAM where the two contradict each other, before anybody is asked.
 */
function sceneFor(
  { stated, asked }: { stated: string | undefined; asked: Scene | undefined },
  { openid, provider }: OrderRecord,
  { loginScenes }: PaymentProvider,
  { session }: Context,
): Scene {
  const family = entryOf(provider)?.entry.family
  const wallet = walletOf.get(stated ?? '')
  if (wallet !== undefined && wallet !== family) {
    throw invalidParam('clientType', `${stated} cannot pay this order, which is one of ${provider}`)
  }
  if (!session) return asked ?? fields.sceneOf(stated, openid)
  const own = session.provider === family ? loginScenes : undefined
  if (stated === undefined && asked === undefined && own?.[0]) return own[0]
  const scene = asked ?? fields.sceneOf(stated, openid ?? session.openid)
  // A code to scan is for another device: whoever is logged in may show it.
  const fits = scene === 'native' || (own ? own.includes(scene) : scene !== 'mini')
  if (fits) return scene
  throw invalidParam('clientType', contradiction(stated, session))
}

const contradiction = (stated: string | undefined, { provider }: SessionRecord): string =>
  stated === undefined
    ? `required, since this order is not paid where this login is, on ${provider}`
    : `${stated} is not where this login is, which is of ${provider}; leave it out, or call without the login`

/** Text of ours. */
const parsed = <Value>(json: string | undefined): Value | undefined =>
  json === undefined ? undefined : (JSON.parse(json) as Value)

/** When an order ends that says so from its beginning on, in milliseconds since the epoch. */
const endOf = (
  { timeoutExpress }: OrderParameters = {},
  { clock }: Pick<Context, 'clock'>,
): number | undefined => (timeoutExpress === undefined ? undefined : expressEnd(timeoutExpress, clock.now()))

/** Milliseconds. Nobody can close such an order before its cashier opens: without an end it might never be closed. */
const CASHIER_OPENS_WITHIN_MS = 24 * 3600_000

const endAtCashier = (
  { clock }: Context,
  { beginsAtCashier }: PaymentProvider,
  scene: Scene,
): number | undefined =>
  beginsAtCashier && scene === 'app' ? clock.now() + CASHIER_OPENS_WITHIN_MS : undefined

/** A pay token names no payer; then it is whoever is logged in, if that login is one of this provider's. */
const payerOf = ({ provider }: OrderRecord, { session }: Context): string | undefined =>
  session && entryOf(provider)?.entry.family === session.provider ? session.openid : undefined
