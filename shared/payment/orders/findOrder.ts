import { sameText } from '../../crypto/digest.js'
import { invalidParam, ORDER_NOT_FOUND, openapiError } from '../../errors/index.js'
import type { Context } from '../../operation/index.js'
import { hashToken } from '../../session.js'
import type { OrderRecord, Store } from '../../store/port.js'
import { applyAnswer } from '../applyAnswer.js'
import { type PaymentProvider, providerIds } from '../provider.js'
import { chooseProvider, entryOf, openProvider } from '../registry.js'

/** How a caller names an order: one of the numbers, and what tells orders of several merchants apart. */
export interface OrderNames {
  outTradeNo?: string | undefined
  transactionId?: string | undefined
  provider?: string | undefined
  mchId?: string | undefined
}

/** The order a client may see: bound to the openid of its login, or to the pay token it brought. */
export async function ownOrder(
  store: Store,
  context: Context,
  names: OrderNames,
  payToken: string | undefined,
): Promise<OrderRecord> {
  const mine = (await candidates(store, names)).filter((order) => isOwn(order, context, payToken))
  const [order] = mine
  if (!order || mine.length > 1) throw openapiError(ORDER_NOT_FOUND)
  return order
}

function isOwn(order: OrderRecord, { session }: Context, payToken: string | undefined): boolean {
  if (payToken !== undefined && order.payTokenHash !== undefined) {
    return sameText(hashToken(payToken), order.payTokenHash)
  }
  return (
    session !== undefined &&
    order.openid === session.openid &&
    entryOf(order.provider)?.entry.family === session.provider
  )
}

/** The order a server names, if it was made here. */
export async function namedOrder(store: Store, names: OrderNames): Promise<OrderRecord | undefined> {
  const found = await candidates(store, names)
  if (found.length > 1) {
    throw invalidParam(
      'mchId',
      'required, several merchants have an order of that number; add provider too if they share it',
    )
  }
  return found[0]
}

async function candidates(store: Store, names: OrderNames): Promise<OrderRecord[]> {
  const { outTradeNo, transactionId, provider, mchId } = names
  const found =
    outTradeNo !== undefined
      ? await store.orders.findByOutTradeNo(outTradeNo)
      : await byTransaction(store, transactionId ?? '')
  return found.filter(
    (order) =>
      (transactionId === undefined ||
        order.transactionId === undefined ||
        order.transactionId === transactionId) &&
      (provider === undefined || order.provider === provider) &&
      (mchId === undefined || order.merchantId === mchId),
  )
}

async function byTransaction(store: Store, transactionId: string): Promise<OrderRecord[]> {
  const found = await Promise.all(providerIds.map((id) => store.orders.findByTransaction(id, transactionId)))
  return found.filter((order) => order !== undefined)
}

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
