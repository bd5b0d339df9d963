import type { Context } from '../../operation/index.js'
import { omitUndefined } from '../../operation/omitUndefined.js'
import type { OrderRecord } from '../../store/port.js'
import { retryOnConflict } from '../../store/retryOnConflict.js'
import { failure } from '../failures.js'
import { transition } from './states.js'

/**
 * The order is PAYING before the provider hears of it: whatever happens next, a timer knows whom to ask. An order
 * that was paid or closed meanwhile is not offered again. What it is first offered with is kept, since a provider
 * takes an order with another address or end for another order; an end is kept as soon as there is one.
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
    if (!order) throw failure('ORDER_NOT_FOUND')
    const isOffered = order.state === 'PAYING'
    const offer = isOffered
      ? order
      : transition({ ...order, ...first }, { to: 'PAYING', by: 'getOrderInfo', at })
    if (!offer) throw failure(order.state === 'CLOSED' ? 'ORDER_CLOSED' : 'ORDER_PAID')
    if (order.expiresAt !== undefined && order.expiresAt <= at) throw failure('ORDER_CLOSED')
    const { expiresAt = first.expiresAt } = offer
    if (isOffered && order.appId === appId && order.expiresAt === expiresAt) return { result: order }
    const next = omitUndefined({ ...offer, appId, expiresAt })
    return (await orders.replace(next)) ? { result: next } : 'lost'
  })
}
