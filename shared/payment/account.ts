import type { Context } from '../operation/index.js'
import type { OrderRecord } from '../store/port.js'
import { applyAnswer } from './orders/learn.js'
import { namedOrder, type OrderNames } from './orders/lookup.js'
import type { PaymentProvider } from './provider.js'
import { chooseProvider, openProvider } from './registry.js'

/** The account a server's call is about, and its order where it was made here. */
export interface Account {
  provider: PaymentProvider
  order?: OrderRecord | undefined
}

/** Opens the account an order belongs to, or the one the call names or the settings prefer. */
export async function accountOf(context: Context, names: OrderNames): Promise<Account> {
  const { outTradeNo, transactionId } = names
  const isNamed = outTradeNo !== undefined || transactionId !== undefined
  const order = isNamed ? await namedOrder(await context.store(), names) : undefined
  if (order) return { order, provider: await openProvider(context, order.provider, order.merchantId) }
  const id = await chooseProvider(context.settings, { name: names.provider })
  const provider = await openProvider(context, id, names.mchId)
  const isByTransaction = outTradeNo === undefined && transactionId !== undefined
  return isByTransaction
    ? { provider, order: await orderBehind(context, provider, transactionId) }
    : { provider }
}

/** A payment of which nobody here knows may still be that of an order of ours, whose notice got lost. */
async function orderBehind(
  context: Context,
  provider: PaymentProvider,
  transactionId: string,
): Promise<OrderRecord | undefined> {
  const answer = await provider.orderQuery({ transactionId })
  if (!answer) return undefined
  const { id, merchantId } = provider
  const { orders } = await context.store()
  const order = await orders.find({ provider: id, merchantId, outTradeNo: answer.facts.outTradeNo })
  return order && applyAnswer(context, provider, order, answer)
}
