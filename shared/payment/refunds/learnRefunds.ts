import { deliverAtOnce } from '../../events/deliverNews.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord } from '../../store/port.js'
import type { Account } from '../account.js'
import { provenanceOf } from '../orders/learn.js'
import type { RefundQueryAnswer } from '../provider.js'
import { applyRefund, type OrderRefund } from './applyRefund.js'
import { neverArrived } from './states.js'

/**
 * Applies what a provider answered about refunds, and tells the merchant; answers the order they belong to as it
 * stands then, where it was made here. A refund that was written down and that the provider, long after, does not know
 * has never come to be.
 */
export async function applyRefundAnswer(
  context: Context,
  { provider, order }: Account,
  outRefundNo: string | undefined,
  answer: RefundQueryAnswer | undefined,
): Promise<OrderRecord | undefined> {
  const store = await context.store()
  const provenance = provenanceOf(context, provider, 'query', answer?.raw ?? Buffer.alloc(0))
  const outTradeNo = answer?.outTradeNo ?? order?.outTradeNo
  if (outTradeNo === undefined) return undefined
  const words = answer ? answer.refunds : lost(order, outRefundNo, provenance.at)
  for (const facts of words) {
    const { eventSource } = await applyRefund(store, provenance, { outTradeNo, ...facts })
    if (eventSource) await deliverAtOnce(context, eventSource)
  }
  return store.orders.find({ provider: provider.id, merchantId: provider.merchantId, outTradeNo })
}

function lost(order: OrderRecord | undefined, outRefundNo = '', at: number): OrderRefund[] {
  if (!order || !neverArrived(order, outRefundNo, at)) return []
  const { outTradeNo } = order
  return [{ state: 'CLOSED', refundStatus: 'REFUNDCLOSE', outTradeNo, outRefundNo }]
}
