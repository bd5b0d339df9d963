import {
  asOpenapiError,
  type OpenapiError,
  ORDER_NOT_FOUND,
  ORDER_NOT_PAID,
  openapiError,
  REFUND_NOT_FOUND,
} from '../../errors/index.js'
import { deliverAtOnce } from '../../events/delivery.js'
import type { Context } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import { retryOnConflict } from '../../store/documents.js'
import type { OrderRecord, RefundEntry } from '../../store/port.js'
import { applyAnswer } from '../applyAnswer.js'
import { idLike, isIdLike } from '../fields.js'
import { numbersOf, provenanceOf } from '../orders/applyPayment.js'
import { planned } from '../orders/states.js'
import type { Extra } from '../parameters/extra.js'
import type { AskedOfRefund, PaymentProvider, RefundFacts, RefundRequest } from '../provider.js'
import { notifyUrlFor, requireCapability } from '../registry.js'
import { afterRefund, applyRefund } from './applyRefund.js'
import { type NewRefund, refundOf, requested, unaccepted } from './states.js'

/** An order, and one refund of it, as they stand. */
export interface RefundedOrder {
  order: OrderRecord
  refund: RefundEntry
  /** What the answer has beside it, which is not kept: a repeat does not know it any more. */
  asked?: AskedOfRefund
}

/**
 * Gives money of an order back, once per number: the request is written down before the provider hears of it, and one
 * that was accepted is not sent again. An unknown outcome is kept as such; the same call resolves it. Rejects with the
 * provider's error, ORDER_NOT_PAID, OUT_REFUND_NO_USED, REFUND_TOO_MUCH, REFUND_UNRESOLVED.
 */
export async function refundOrder(
  context: Context,
  provider: PaymentProvider,
  found: OrderRecord,
  asked: NewRefund,
): Promise<RefundedOrder> {
  const ask = requireCapability(provider, 'refund')
  const { order, isNew } = await request(context, await paidOrder(context, provider, found), asked)
  const entry = refundOf(order, asked.outRefundNo)
  if (!entry) throw openapiError(REFUND_NOT_FOUND)
  if (!isNew) return { order, refund: entry }
  const facts = await ask(requestFor(order, entry)).catch(async (error: unknown) => {
    await keepOutcome(context, order, asked.outRefundNo, asOpenapiError(error))
    throw error
  })
  const { asked: further, ...stated } = facts
  return omitUndefined({ ...(await accepted(context, provider, order, stated)), asked: further })
}

const requestFor = (order: OrderRecord, entry: RefundEntry): RefundRequest => {
  const { totalFee, currency } = order
  const {
    outRefundNo,
    refundFee,
    refundDesc,
    notifyUrl,
    storeId,
    queryOptions,
    extra,
    refundAccount,
    goodsDetail,
  } = entry
  return omitUndefined({
    ...{ ...numbersOf(order), totalFee, currency },
    ...{ outRefundNo, refundFee, refundDesc, notifyUrl, storeId, queryOptions, refundAccount, goodsDetail },
    extra: extra === undefined ? undefined : (JSON.parse(extra) as Extra),
  })
}

/** The order, if it is paid. Its notice may have got lost, so the provider is asked before it counts as unpaid. */
async function paidOrder(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<OrderRecord> {
  if (isPaidOrder(order)) return order
  const answer = await provider.orderQuery(numbersOf(order))
  const current = answer && (await applyAnswer(context, provider, order, answer))
  if (current && isPaidOrder(current)) return current
  throw openapiError(ORDER_NOT_PAID)
}

const isPaidOrder = ({ state }: OrderRecord): boolean =>
  state === 'PAID' || state === 'PARTIALLY_REFUNDED' || state === 'REFUNDED'

interface Requested {
  order: OrderRecord
  isNew: boolean
}

/** Writes the request into the order, unless the provider has accepted it before. */
function request(context: Context, order: OrderRecord, asked: NewRefund): Promise<Requested> {
  return retryOnConflict<Requested>(async () => {
    const { orders, takesTextsForIds } = await context.store()
    const current = await orders.find(order)
    if (!current) throw openapiError(ORDER_NOT_FOUND)
    const isNewNumber = refundOf(current, asked.outRefundNo) === undefined
    if (takesTextsForIds && isNewNumber && isIdLike(asked.outRefundNo)) throw idLike('outRefundNo')
    const at = context.clock.now()
    const wanted = requested(current, asked, at)
    if (!wanted) return { result: { order: current, isNew: false } }
    const next = planned(current, wanted, at)
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
  const provenance = provenanceOf(context, provider, 'refund', Buffer.from(JSON.stringify(facts)))
  let current = afterRefund(order, facts, provenance) ?? order
  try {
    const store = await context.store()
    const { eventSource } = await applyRefund(store, provenance, { ...facts, outTradeNo })
    await deliverAtOnce(context, eventSource)
    current = (await store.orders.find(order)) ?? current
  } catch (error) {
    context.note('refund.unwritten', { why: asOpenapiError(error).errMsg, outRefundNo: facts.outRefundNo })
  }
  const refund = refundOf(current, facts.outRefundNo)
  if (refund) return { order: current, refund }
  throw openapiError(REFUND_NOT_FOUND)
}

/** What is known after a request that brought no acceptance. If it cannot be written, the entry stays REQUESTED. */
async function keepOutcome(
  context: Context,
  order: OrderRecord,
  outRefundNo: string,
  failure: OpenapiError,
): Promise<void> {
  try {
    const { orders } = await context.store()
    await retryOnConflict(async () => {
      const current = await orders.find(order)
      const at = context.clock.now()
      const next = current && unaccepted(current, outRefundNo, failure, at)
      if (!current || !next) return { result: undefined }
      return (await orders.replace(planned(current, next, at))) ? { result: undefined } : 'lost'
    })
  } catch (error) {
    context.note('refund.unwritten', { why: asOpenapiError(error).errMsg, outRefundNo })
  }
}

/** Where a refund is told of. Alipay sends notices of refunds to the address of the payment's notices. */
export const refundNoticeAddress = (
  { settings }: Context,
  { id }: PaymentProvider,
  order: OrderRecord,
): string | undefined =>
  id === 'alipay' || settings.get('NOTIFY_BASE_URL') === undefined
    ? undefined
    : notifyUrlFor(settings, 'verifyRefundNotify', order)
