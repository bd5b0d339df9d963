import type { Context } from '../operation/index.js'
import type { OrderRecord } from '../store/port.js'
import { untilWritten } from './contention.js'
import { failure } from './failures.js'
import { moved } from './orders.js'

/**
 * The order is PAYING before the provider hears of it: whatever happens next, a timer knows whom to ask. An order
 * that was paid or closed meanwhile is not offered again.
 */
export function startPaying(context: Context, found: OrderRecord, appId: string): Promise<OrderRecord> {
  const at = context.clock.now()
  return untilWritten(async () => {
    const { orders } = await context.store()
    const order = await orders.find(found)
    if (!order) throw failure('ORDER_NOT_FOUND')
    const next = order.state === 'PAYING' ? order : moved(order, { to: 'PAYING', by: 'getOrderInfo', at })
    if (!next) throw failure(order.state === 'CLOSED' ? 'ORDER_CLOSED' : 'ORDER_PAID')
    if (order.expiresAt !== undefined && order.expiresAt <= at) throw failure('ORDER_CLOSED')
    if (next === order && order.appId === appId) return { result: order }
    return (await orders.replace({ ...next, appId })) ? { result: { ...next, appId } } : 'lost'
  })
}
