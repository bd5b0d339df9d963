import { opaqueToken } from '../../clock.js'
import {
  meaningsOf,
  ORDER_NOT_FOUND,
  OUT_TRADE_NO_USED,
  openapiError,
  UNKNOWN_MERCHANT,
} from '../../errors/index.js'
import { object, optional, text } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { hashToken } from '../../session.js'
import { retryOnConflict } from '../../store/documents.js'
import type { OrderRecord } from '../../store/port.js'
import * as fields from '../fields.js'
import { placeOrder } from '../orders/placeOrder.js'
import { orderFields } from '../parameters/schemas.js'
import { providerSettings } from '../registry.js'

const input = object({
  outTradeNo: fields.outTradeNo,
  totalFee: fields.totalFee,
  openid: optional(fields.openid),
  ...orderFields,
  provider: optional(fields.provider),
  mchId: optional(fields.mchId),
  appId: optional(text({ max: 32, pattern: /^\w+$/, like: 'the application the openid belongs to' })),
  expireMinutes: optional(fields.expireMinutes),
})

export interface CreatedOrder {
  provider: string
  mchId: string
  outTradeNo: string
  /** Fen. */
  totalFee: number
  state: string
  /** Lets whoever holds it pay this one order; given when no `openid` was named. */
  payToken?: string
}

/**
 * What the merchant's server says before anybody pays: the amount, the text and the payer. Clients pay only what
 * stands here. Naming the same order again is harmless; without an `openid` it gives a new `payToken`, and the one
 * before it stops working.
 */
export const createOrder = {
  name: 'payment.createOrder',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'Place an order that a client may then pay', zh: '创建待支付订单（仅服务端）' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: providerSettings,
  errors: meaningsOf(OUT_TRADE_NO_USED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<CreatedOrder> {
    if (given.openid !== undefined) return created(await placeOrder(context, given))
    const payToken = opaqueToken(context.random)
    const payTokenHash = hashToken(payToken)
    const order = await placeOrder(context, { ...given, payTokenHash })
    if (order.payTokenHash !== payTokenHash) await exchangeToken(context, order, payTokenHash)
    return { ...created(order), payToken }
  },
} satisfies Operation<typeof input, CreatedOrder>

const created = ({ provider, merchantId, outTradeNo, totalFee, state }: OrderRecord): CreatedOrder => ({
  provider,
  mchId: merchantId,
  outTradeNo,
  totalFee,
  state,
})

async function exchangeToken(context: Context, order: OrderRecord, payTokenHash: string): Promise<void> {
  const { orders } = await context.store()
  return retryOnConflict(async () => {
    const current = await orders.find(order)
    if (!current) throw openapiError(ORDER_NOT_FOUND)
    return (await orders.replace({ ...current, payTokenHash })) ? { result: undefined } : 'lost'
  })
}
