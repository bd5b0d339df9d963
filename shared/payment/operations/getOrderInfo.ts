import type * as v from 'valibot'
import { invalidParam, OpenapiError } from '../../errors/index.js'
import { choice, object, optional } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import type { OrderRecord } from '../../store/port.js'
import { untilWritten } from '../contention.js'
import * as fields from '../fields.js'
import { namedOrder, orderNotFound, ownOrder } from '../lookup.js'
import { notifyUrlFor } from '../notifyUrl.js'
import { moved } from '../orders.js'
import { placeOrder } from '../placeOrder.js'
import { present } from '../present.js'
import type { OrderInfo, Scene } from '../provider.js'
import { entryOf, openProvider, providerSettings } from '../registry.js'

const clientTypes = ['mp-weixin', 'mp-alipay', 'app', 'app-plus'] as const

const input = object({
  outTradeNo: fields.outTradeNo,
  payToken: optional(fields.payToken),
  clientType: optional(choice(clientTypes)),
  totalFee: optional(fields.totalFee),
  body: optional(fields.body),
  subject: optional(fields.body),
  openid: optional(fields.openid),
  attach: optional(fields.attach),
  notifyUrl: optional(fields.notifyUrl),
  provider: optional(fields.provider),
  mchId: optional(fields.mchId),
  expireMinutes: optional(fields.expireMinutes),
})

type Input = v.InferOutput<typeof input>

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
  session: 'optional',
  repeat: 'safe',
  settings: [...providerSettings, 'NOTIFY_BASE_URL', 'ALLOW_CLIENT_PRICING'],
  async run(given, context): Promise<OrderInfoAnswer> {
    const found =
      context.source === 'client' ? await orderOfClient(given, context) : await orderOfServer(given, context)
    const scene = sceneOf(given, context, found)
    const provider = await openProvider(context, found.provider, found.merchantId)
    const appId = provider.appIdFor(scene, context.session?.appId ?? found.appId)
    const notifyUrl = given.notifyUrl ?? notifyUrlFor(context.settings, 'verifyPaymentNotify', found)
    const order = await startPaying(context, found, appId)
    const { outTradeNo, totalFee, currency, body, attach, expiresAt } = order
    const orderInfo = await provider.getOrderInfo(
      present({
        ...{ scene, appId, outTradeNo, totalFee, currency, body, attach, expiresAt, notifyUrl },
        openid: order.openid ?? payerOf(order, context),
        payerIp: payerIp(context),
      }),
    )
    return { provider: order.provider, orderInfo }
  },
} satisfies Operation<typeof input, OrderInfoAnswer>

/** What only the merchant may decide. The first three may be opened to clients, for donations and demos. */
const PRICING = ['totalFee', 'body', 'subject'] as const
const SERVERS_OWN = ['openid', 'attach', 'notifyUrl', 'mchId', 'expireMinutes'] as const

async function orderOfClient(given: Input, context: Context): Promise<OrderRecord> {
  const pricingAllowed = context.settings.isOn('ALLOW_CLIENT_PRICING')
  const forbidden = [...SERVERS_OWN, ...(pricingAllowed ? [] : PRICING)].find(
    (name) => given[name] !== undefined,
  )
  if (forbidden) {
    throw invalidParam(forbidden, 'not taken from a client; your server sets it with createOrder')
  }
  if (given.totalFee !== undefined) return orderPricedByClient(given, context)
  return ownOrder(await context.store(), context, given, given.payToken)
}

async function orderPricedByClient(given: Input, context: Context): Promise<OrderRecord> {
  const { session } = context
  if (!session) throw orderNotFound()
  context.note('payment.clientPricing', { outTradeNo: given.outTradeNo, totalFee: given.totalFee })
  return placeOrder(context, {
    ...described(given),
    openid: session.openid,
    appId: session.appId,
    family: session.provider,
  })
}

async function orderOfServer(given: Input, context: Context): Promise<OrderRecord> {
  if (given.totalFee !== undefined) return placeOrder(context, described(given))
  const order = await namedOrder(await context.store(), given)
  if (!order) throw orderNotFound()
  return order
}

function described(given: Input) {
  const { totalFee, body = given.subject } = given
  if (totalFee === undefined) throw invalidParam('totalFee', 'required, a whole number of fen')
  if (body === undefined) throw invalidParam('body', 'required, what the payer sees')
  return { ...given, totalFee, body }
}

const scenes: Readonly<Record<string, Scene>> = {
  'mp-weixin': 'mini',
  'mp-alipay': 'mini',
  app: 'app',
  'app-plus': 'app',
}

/** The platform is the caller's own word, which is good enough to choose the form of its own parameters. */
function sceneOf({ clientType }: Input, { client }: Context, order: OrderRecord): Scene {
  const platform = clientType ?? client?.platform
  if (platform === undefined) return order.openid === undefined ? 'app' : 'mini'
  const scene = Object.hasOwn(scenes, platform) ? scenes[platform] : undefined
  if (scene) return scene
  throw invalidParam('clientType', `expected one of ${clientTypes.join(', ')}`)
}

/**
 * The order is PAYING before the provider hears of it: whatever happens next, a timer knows whom to ask. An order
 * that was paid or closed meanwhile is not offered again.
 */
function startPaying(context: Context, found: OrderRecord, appId: string): Promise<OrderRecord> {
  const at = context.clock.now()
  return untilWritten(async () => {
    const { orders } = await context.store()
    const order = await orders.find(found)
    if (!order) throw orderNotFound()
    if (order.expiresAt !== undefined && order.expiresAt <= at)
      throw notPayable('ORDER_CLOSED', 'has expired')
    if (order.state === 'PAYING' && order.appId === appId) return { result: order }
    const next = order.state === 'PAYING' ? order : moved(order, { to: 'PAYING', by: 'getOrderInfo', at })
    if (!next) throw notPayable(order.state === 'CLOSED' ? 'ORDER_CLOSED' : 'ORDER_PAID', `is ${order.state}`)
    return (await orders.replace({ ...next, appId })) ? { result: { ...next, appId } } : 'lost'
  })
}

const notPayable = (errCode: string, state: string): OpenapiError =>
  new OpenapiError({ errCode, errMsg: `this order ${state} and cannot be paid`, status: 409 })

/** A pay token names no payer; then it is whoever is logged in, if that login is one of this provider's. */
const payerOf = ({ provider }: OrderRecord, { session }: Context): string | undefined =>
  session && entryOf(provider)?.entry.family === session.provider ? session.openid : undefined

/** The wire wants an address; where the platform tells none (a server's call), this one claims nothing. */
const NO_ADDRESS = '127.0.0.1'

const payerIp = ({ client }: Context): string =>
  client?.ip !== undefined && /^[0-9a-fA-F.:]{2,45}$/.test(client.ip) ? client.ip : NO_ADDRESS
