import { asOpenapiError, type OpenapiError } from '../../errors/index.js'
import { deliverNews } from '../../events/deliverNews.js'
import type { Context } from '../../operation/index.js'
import { present } from '../../operation/omitUndefined.js'
import type { OrderRecord, RefundEntry } from '../../store/port.js'
import { untilWritten } from '../../store/retryOnConflict.js'
import { failure } from '../failures.js'
import { learn, numbersOf, saying } from '../orders/learn.js'
import type { PaymentProvider, RefundFacts, RefundRequest } from '../provider.js'
import { offered } from '../requireCapability.js'
import { afterRefundWord, settleRefund } from './applyRefund.js'
import { type RefundWish, refundOf, requested, unaccepted } from './states.js'

/** An order, and one refund of it, as they stand. */
export interface RefundedOrder {
  order: OrderRecord
  refund: RefundEntry
}

/**
 * Gives money of an order back, once per number: the request is written down before the provider hears of it, and one
 * that was accepted is not sent again. An unknown outcome is kept as such; the same call resolves it. Rejects with the
 * provider's error, ORDER_NOT_PAID, OUT_REFUND_NO_USED, REFUND_TOO_MUCH.
 */
export async function refundOrder(
  context: Context,
  provider: PaymentProvider,
  found: OrderRecord,
  wish: RefundWish,
): Promise<RefundedOrder> {
  const ask = offered(provider, 'refund')
  const { order, isNew } = await request(context, await paidOrder(context, provider, found), wish)
  const entry = refundOf(order, wish.outRefundNo)
  if (!entry) throw failure('REFUND_NOT_FOUND')
  if (!isNew) return { order, refund: entry }
  const facts = await ask(requestFor(order, entry)).catch(async (error: unknown) => {
    await keepOutcome(context, order, wish.outRefundNo, asOpenapiError(error))
    throw error
  })
  return accepted(context, provider, order, facts)
}

const requestFor = (order: OrderRecord, entry: RefundEntry): RefundRequest => {
  const { totalFee, currency } = order
  const { outRefundNo, refundFee, refundDesc, notifyUrl } = entry
  return present({
    ...{ ...numbersOf(order), totalFee, currency },
    ...{ outRefundNo, refundFee, refundDesc, notifyUrl },
  })
}

/** The order, if it is paid. Its notice may have got lost: before anybody is told that it is not, the provider is asked. */
async function paidOrder(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<OrderRecord> {
  if (isPaidOrder(order)) return order
  const answer = await provider.orderQuery(numbersOf(order))
  const current = answer && (await learn(context, provider, order, answer))
  if (current && isPaidOrder(current)) return current
  throw failure('ORDER_NOT_PAID')
}

const isPaidOrder = ({ state }: OrderRecord): boolean =>
  state === 'PAID' || state === 'PARTIALLY_REFUNDED' || state === 'REFUNDED'

interface Requested {
  order: OrderRecord
  isNew: boolean
}

/** Writes the request into the order, unless the provider has accepted it before. */
function request(context: Context, order: OrderRecord, wish: RefundWish): Promise<Requested> {
  return untilWritten<Requested>(async () => {
    const { orders } = await context.store()
    const current = await orders.find(order)
    if (!current) throw failure('ORDER_NOT_FOUND')
    const next = requested(current, wish, context.clock.now())
    if (!next) return { result: { order: current, isNew: false } }
    return (await orders.replace(next)) ? { result: { order: next, isNew: true } } : 'lost'
  })
}

/** Applies what the provider answered. It has accepted the refund: nothing that happens here can change that any more. */
async function accepted(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  facts: RefundFacts,
): Promise<RefundedOrder> {
  const { outTradeNo } = order
  const said = saying(context, provider, 'refund', Buffer.from(JSON.stringify(facts)))
  let current = afterRefundWord(order, facts, said) ?? order
  try {
    const store = await context.store()
    const { news } = await settleRefund(store, said, { ...facts, outTradeNo })
    if (news) await deliverNews(context, news)
    current = (await store.orders.find(order)) ?? current
  } catch (error) {
    context.note('refund.unwritten', { why: asOpenapiError(error).errMsg, outRefundNo: facts.outRefundNo })
  }
  const refund = refundOf(current, facts.outRefundNo)
  if (refund) return { order: current, refund }
  throw failure('REFUND_NOT_FOUND')
}

/** What is known after a request that brought no acceptance. If it cannot be written, the entry stays REQUESTED. */
async function keepOutcome(
  context: Context,
  order: OrderRecord,
  outRefundNo: string,
  { outcome }: OpenapiError,
): Promise<void> {
  try {
    const { orders } = await context.store()
    await untilWritten(async () => {
      const current = await orders.find(order)
      const next = current && unaccepted(current, outRefundNo, outcome, context.clock.now())
      return !next || (await orders.replace(next)) ? { result: undefined } : 'lost'
    })
  } catch (error) {
    context.note('refund.unwritten', { why: asOpenapiError(error).errMsg, outRefundNo })
  }
}
