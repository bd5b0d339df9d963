import { DAY_MS } from '../../clock.js'
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
import type { OrderInfoAnswer } from '../orderInfo.js'
import { orderOfClient, orderOfServer, serversOwn, startPaying } from '../orders/startPaying.js'
import type { Extra } from '../parameters/extra.js'
import { expressEnd, type OrderParameters } from '../parameters/orderParameters.js'
import { orderFields } from '../parameters/schemas.js'
import type { PaymentProvider, Scene } from '../provider.js'
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
    const platform = asked === undefined ? context.client?.platform : undefined
    const clientType = clientTypeFor(
      { stated: given.clientType ?? platform, asked },
      found,
      provider,
      context,
    )
    const scene = fields.sceneOf(clientType)
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
    // The provider made it for this scene, so that it has that scene's shape.
    return { provider: provider.id, clientType, orderInfo } as OrderInfoAnswer
  },
} satisfies Operation<typeof input, OrderInfoAnswer>

/**
 * Where the payer is. Parameters for another scene cannot be used there, and asking for them uses the order's number
 * up: so a login decides, since its code came from an application that is known, and what the caller states about
 * itself decides where there is none. INVALID_PARAM where the two contradict each other, before anybody is asked.
 */
function clientTypeFor(
  { stated, asked }: { stated: string | undefined; asked: Scene | undefined },
  { openid, provider }: OrderRecord,
  { loginScenes }: PaymentProvider,
  { session }: Context,
): fields.ClientType {
  const family = entryOf(provider)?.entry.family
  const usual = {
    mini: family === 'alipay' ? 'mp-alipay' : 'mp-weixin',
    app: 'app',
    native: 'native',
    h5: 'h5',
  } as const
  const named = stated === undefined ? undefined : fields.knownClientType(stated)
  if (named?.startsWith('mp-') && named !== usual.mini) {
    throw invalidParam('clientType', `${named} cannot pay this order, which is one of ${provider}`)
  }
  const own = session?.provider === family ? loginScenes : undefined
  const loginScene = named === undefined ? own?.[0] : undefined
  const scene = asked ?? loginScene ?? fields.sceneOf(named, openid ?? session?.openid)
  // A code to scan is for another device: whoever is logged in may show it.
  const fits = !session || scene === 'native' || (own ? own.includes(scene) : scene !== 'mini')
  if (!fits) throw invalidParam('clientType', contradiction(named, session))
  return named !== undefined && fields.sceneOf(named) === scene ? named : usual[scene]
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
const CASHIER_OPENS_WITHIN_MS = DAY_MS

const endAtCashier = (
  { clock }: Context,
  { beginsAtCashier }: PaymentProvider,
  scene: Scene,
): number | undefined =>
  beginsAtCashier && scene === 'app' ? clock.now() + CASHIER_OPENS_WITHIN_MS : undefined

/** A pay token names no payer; then it is whoever is logged in, if that login is one of this provider's. */
const payerOf = ({ provider }: OrderRecord, { session }: Context): string | undefined =>
  session && entryOf(provider)?.entry.family === session.provider ? session.openid : undefined
