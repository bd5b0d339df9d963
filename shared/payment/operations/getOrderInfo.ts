import {
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
import type { OrderRecord } from '../../store/port.js'
import * as fields from '../fields.js'
import { orderOfClient, orderOfServer, startPaying } from '../orders/startPaying.js'
import type { OrderInfo, PaymentProvider, Scene } from '../provider.js'
import { entryOf, notifyUrlFor, openProvider, providerSettings } from '../registry.js'

const input = object({
  outTradeNo: fields.outTradeNo,
  payToken: optional(fields.payToken),
  clientType: optional(fields.clientType),
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
  errors: meaningsOf(ORDER_NOT_FOUND, ORDER_PAID, ORDER_CLOSED, OUT_TRADE_NO_USED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<OrderInfoAnswer> {
    const found =
      context.source === 'client' ? await orderOfClient(given, context) : await orderOfServer(given, context)
    // The caller names the platform itself, which is good enough to choose the form of its own parameters.
    const scene = fields.sceneOf(given.clientType ?? context.client?.platform, found.openid)
    const provider = await openProvider(context, found.provider, found.merchantId)
    const appId = provider.appIdFor(scene, context.session?.appId ?? found.appId)
    const own = given.notifyUrl ?? found.notifyUrl
    const notifyUrl = own ?? notifyUrlFor(context.settings, 'verifyPaymentNotify', found)
    const endsAt = found.expiresAt ?? endAtCashier(context, provider, scene)
    const order = await startPaying(context, found, { appId, notifyUrl: own, expiresAt: endsAt })
    const { outTradeNo, totalFee, currency, body, attach, expiresAt } = order
    const orderInfo = await provider.getOrderInfo(
      omitUndefined({
        ...{ scene, appId, outTradeNo, totalFee, currency, body, attach, expiresAt, notifyUrl },
        openid: order.openid ?? payerOf(order, context),
        payerIp: fields.payerIpOf(context.client?.ip),
      }),
    )
    return { provider: order.provider, orderInfo }
  },
} satisfies Operation<typeof input, OrderInfoAnswer>

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
