import {
  invalidParam,
  ORDER_CLOSED,
  ORDER_NOT_FOUND,
  ORDER_PAID,
  OUT_TRADE_NO_USED,
  openapiError,
} from '../../errors/index.js'
import type { Context } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import { retryOnConflict } from '../../store/documents.js'
import type { OrderRecord } from '../../store/port.js'
import {
  alipayParameters,
  type GivenParameters,
  parametersIn,
  weixinParameters,
} from '../parameters/orderParameters.js'
import { checkOrder } from '../parameters/rules.js'
import { entryOf } from '../registry.js'
import { namedOrder, type OrderNames, ownOrder } from './findOrder.js'
import { type NewOrder, placeOrder } from './placeOrder.js'
import { offeredAgain, planned, transition } from './states.js'

/** An order named by its number, and perhaps described with it. */
export interface OrderNaming
  extends OrderNames,
    Partial<Omit<NewOrder, keyof OrderNames>>,
    Pick<GivenParameters, 'description'> {
  outTradeNo: string
  payToken?: string | undefined
}

/** What only the merchant may decide. The first three may be opened to clients, for donations and demos. */
const PRICING = ['totalFee', 'body', 'subject'] as const

/** What no client brings along, whatever is opened. */
export const serversOwn = [
  ...(['openid', 'attach', 'notifyUrl', 'mchId', 'expireMinutes'] as const),
  ...(['timeExpire', 'feeType', 'spbillCreateIp', 'extra'] as const),
  ...weixinParameters,
  ...alipayParameters,
] as const

/** The order a client may pay. Everything but its number comes from the store, or is refused by name. */
export async function orderOfClient(given: OrderNaming, context: Context): Promise<OrderRecord> {
  const pricingAllowed = context.settings.isOn('ALLOW_CLIENT_PRICING')
  const forbidden = [...serversOwn, ...(pricingAllowed ? [] : PRICING)].find(
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
  return withParameters(order, given)
}

/**
 * The order with what is said of it only now. What it said before, and what its provider may have been sent, stays as
 * it is: another word is another order's. INVALID_PARAM, OUT_TRADE_NO_USED.
 */
function withParameters(order: OrderRecord, given: OrderNaming): OrderRecord {
  const { extra } = given
  const parameters = parametersIn(given)
  if (!parameters && !extra) return order
  const id = entryOf(order.provider)?.id
  if (id) checkOrder(id, parameters, extra)
  const said = omitUndefined({
    parameters: parameters && JSON.stringify(parameters),
    extra: extra && JSON.stringify(extra),
  })
  const isSaid = (['parameters', 'extra'] as const).every(
    (name) =>
      said[name] === undefined ||
      said[name] === order[name] ||
      (order[name] === undefined && order.state === 'CREATED'),
  )
  if (!isSaid) throw openapiError(OUT_TRADE_NO_USED)
  return { ...order, ...said }
}

function described(given: OrderNaming) {
  const { totalFee } = given
  if (totalFee === undefined) throw invalidParam('totalFee', 'required, a whole number of fen')
  return { ...given, totalFee }
}

type FirstSent = Pick<OrderRecord, 'appId' | 'notifyUrl' | 'expiresAt' | 'parameters' | 'extra' | 'payerIp'>

/**
 * The order is PAYING before the provider hears of it: whatever happens next, a timer knows whom to ask. An order
 * that was paid or closed meanwhile is not sent again. The notify address, expiry, parameters and address that are sent
 * first are kept, since a provider takes an order with others for another order; an expiry is kept as soon as there is one.
 */
export function startPaying(
  context: Context,
  found: OrderRecord,
  { appId, ...first }: FirstSent,
): Promise<OrderRecord> {
  const at = context.clock.now()
  return retryOnConflict(async () => {
    const { orders } = await context.store()
    const order = await orders.find(found)
    if (!order) throw openapiError(ORDER_NOT_FOUND)
    const isPaying = order.state === 'PAYING'
    const paying = isPaying
      ? order
      : transition({ ...order, ...first }, { what: 'offered', by: 'getOrderInfo', at })
    if (!paying) throw openapiError(order.state === 'CLOSED' ? ORDER_CLOSED : ORDER_PAID)
    if (order.expiresAt !== undefined && order.expiresAt <= at) throw openapiError(ORDER_CLOSED)
    const { expiresAt = first.expiresAt } = paying
    const isKnown = isPaying && order.appId === appId && order.expiresAt === expiresAt
    const again = isPaying ? offeredAgain(paying, at) : undefined
    if (isKnown && !again) return { result: order }
    const next = planned(order, omitUndefined({ ...(again ?? paying), appId, expiresAt }), at)
    return (await orders.replace(next)) ? { result: next } : 'lost'
  })
}
