import { OUT_TRADE_NO_USED, openapiError } from '../../errors/index.js'
import { fen } from '../../money.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord, SessionRecord } from '../../store/port.js'
import { checkLimits, chooseProvider, openProvider } from '../registry.js'

/** An order as the merchant's server describes it. */
export interface NewOrder {
  outTradeNo: string
  /** Fen. */
  totalFee: number
  body: string
  openid?: string | undefined
  attach?: string | undefined
  notifyUrl?: string | undefined
  provider?: string | undefined
  mchId?: string | undefined
  appId?: string | undefined
  expireMinutes?: number | undefined
  /** For those who pay without a login. */
  payTokenHash?: string | undefined
  /** Whose users may pay, where the payer is logged in. */
  family?: SessionRecord['provider'] | undefined
}

/**
 * Puts an order into the store, or finds the very same one there: placing it again is harmless. OUT_TRADE_NO_USED
 * when the number belongs to an order that is not the same.
 */
export async function placeOrder(context: Context, newOrder: NewOrder): Promise<OrderRecord> {
  const order = await describe(context, newOrder)
  const { orders } = await context.store()
  if (await orders.create(order)) return order
  const existing = await orders.find(order)
  if (existing && isSame(existing, order)) return existing
  throw openapiError(OUT_TRADE_NO_USED)
}

async function describe(context: Context, newOrder: NewOrder): Promise<OrderRecord> {
  const id = await chooseProvider(context.settings, { name: newOrder.provider, family: newOrder.family })
  checkLimits(id, newOrder)
  const provider = await openProvider(context, id, newOrder.mchId)
  const now = context.clock.now()
  const { openid, attach, notifyUrl, payTokenHash, expireMinutes } = newOrder
  return {
    outTradeNo: newOrder.outTradeNo,
    provider: id,
    merchantId: provider.merchantId,
    appId: provider.appIdFor(openid === undefined ? undefined : 'mini', newOrder.appId),
    totalFee: fen(newOrder.totalFee),
    currency: 'CNY',
    body: newOrder.body,
    ...(openid === undefined ? {} : { openid }),
    ...(attach === undefined ? {} : { attach }),
    ...(notifyUrl === undefined ? {} : { notifyUrl }),
    ...(payTokenHash === undefined ? {} : { payTokenHash }),
    ...(expireMinutes === undefined ? {} : { expiresAt: now + expireMinutes * 60_000 }),
    state: 'CREATED',
    createdAt: now,
    updatedAt: now,
    history: [{ at: now, from: null, to: 'CREATED', by: 'createOrder' }],
    refunds: [],
    events: [],
    rev: 0,
  }
}

const isSame = (one: OrderRecord, other: OrderRecord): boolean =>
  one.totalFee === other.totalFee &&
  one.currency === other.currency &&
  one.body === other.body &&
  one.attach === other.attach &&
  one.openid === other.openid
