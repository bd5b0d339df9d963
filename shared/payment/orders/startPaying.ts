import { invalidParam, ORDER_CLOSED, ORDER_NOT_FOUND, ORDER_PAID, openapiError } from '../../errors/index.js'
import type { Context } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord } from '../../store/port.js'
import { retryOnConflict } from '../../store/retryOnConflict.js'
import { namedOrder, type OrderNames, ownOrder } from './findOrder.js'
import { type NewOrder, placeOrder } from './placeOrder.js'
import { transition } from './states.js'

/** An order named by its number, and perhaps described with it. */
export interface OrderNaming extends OrderNames, Partial<Omit<NewOrder, keyof OrderNames>> {
  outTradeNo: string
  payToken?: string | undefined
  /** The documents' other name of `body`. */
  subject?: string | undefined
}

/** What only the merchant may decide. The first three may be opened to clients, for donations and demos. */
const PRICING = ['totalFee', 'body', 'subject'] as const
const SERVERS_OWN = ['openid', 'attach', 'notifyUrl', 'mchId', 'expireMinutes'] as const

/** The order a client may pay. Everything but its number comes from the store, or is refused by name. */
export async function orderOfClient(given: OrderNaming, context: Context): Promise<OrderRecord> {
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

async function orderPricedByClient(given: OrderNaming, context: Context): Promise<OrderRecord> {
  const { session } = context
  if (!session) throw openapiError(ORDER_NOT_FOUND)
  context.note('payment.clientPricing', { outTradeNo: given.outTradeNo, totalFee: given.totalFee })
  return placeOrder(context, {
    ...described(given),
    openid: session.openid,
    appId: session.appId,
    family: session.provider,
  })
}

/** The order a server names, or describes and so places. ORDER_NOT_FOUND, OUT_TRADE_NO_USED, INVALID_PARAM. */
export async function orderOfServer(given: OrderNaming, context: Context): Promise<OrderRecord> {
  if (given.totalFee !== undefined) return placeOrder(context, described(given))
  const order = await namedOrder(await context.store(), given)
  if (!order) throw openapiError(ORDER_NOT_FOUND)
  return order
}

function described(given: OrderNaming) {
  const { totalFee, body = given.subject } = given
  if (totalFee === undefined) throw invalidParam('totalFee', 'required, a whole number of fen')
  if (body === undefined) throw invalidParam('body', 'required, what the payer sees')
  return { ...given, totalFee, body }
}

/**
 * The order is PAYING before the provider hears of it: whatever happens next, a timer knows whom to ask. An order
 * that was paid or closed meanwhile is not sent again. The notify address and expiry that are sent first are kept, since
 * a provider takes an order with others for another order; an expiry is kept as soon as there is one.
 */
export function startPaying(
  context: Context,
  found: OrderRecord,
  { appId, ...first }: Pick<OrderRecord, 'appId' | 'notifyUrl' | 'expiresAt'>,
): Promise<OrderRecord> {
  const at = context.clock.now()
  return retryOnConflict(async () => {
    const { orders } = await context.store()
    const order = await orders.find(found)
    if (!order) throw openapiError(ORDER_NOT_FOUND)
    const isPaying = order.state === 'PAYING'
    const paying = isPaying
      ? order
      : transition({ ...order, ...first }, { to: 'PAYING', by: 'getOrderInfo', at })
    if (!paying) throw openapiError(order.state === 'CLOSED' ? ORDER_CLOSED : ORDER_PAID)
    if (order.expiresAt !== undefined && order.expiresAt <= at) throw openapiError(ORDER_CLOSED)
    const { expiresAt = first.expiresAt } = paying
    if (isPaying && order.appId === appId && order.expiresAt === expiresAt) return { result: order }
    const next = omitUndefined({ ...paying, appId, expiresAt })
    return (await orders.replace(next)) ? { result: next } : 'lost'
  })
}
