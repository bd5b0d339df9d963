import { meaningsOf, NOT_OFFERED, ORDER_PAID, UNKNOWN_MERCHANT } from '../../errors/index.js'
import { deliverAtOnce } from '../../events/delivery.js'
import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import type { Context, Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord } from '../../store/port.js'
import { namedOrder } from '../fields.js'
import { numbersOf, provenanceOf } from '../orders/applyPayment.js'
import { closeLocally, mayBegin, refusePaid } from '../orders/closing.js'
import { accountOf } from '../orders/findOrder.js'
import type { CancelledFacts, PaymentProvider } from '../provider.js'
import { applyRefund } from '../refunds/applyRefund.js'
import { providerSettings, requireCapability } from '../registry.js'
import type { ClosedOrder } from './closeOrder.js'

type CancelledOrder = ClosedOrder & CancelledFacts

/**
 * Ends a payment of which nobody knows whether it happened: Alipay closes the order, or gives the money back if it was
 * paid; `action` says which. An order that is known to be paid is refunded instead.
 */
export const cancelOrder = {
  name: 'payment.cancelOrder',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'End a payment with an unknown outcome (Alipay)', zh: '撤销结果未知的交易（仅支付宝）' },
  input: namedOrder,
  reach: 'server',
  repeat: 'safe',
  settings: [...providerSettings, ...eventSettings, ...evidenceSettings],
  errors: meaningsOf(ORDER_PAID, NOT_OFFERED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<CancelledOrder> {
    const { provider, order } = await accountOf(context, given)
    if (!order) {
      const { outTradeNo, transactionId } = given
      const cancel = requireCapability(provider, 'cancelOrder')
      return { provider: provider.id, ...(await cancel(omitUndefined({ outTradeNo, transactionId }))) }
    }
    const { facts, order: current } = await cancelStored(context, provider, order)
    return { provider: provider.id, ...facts, orderState: current.state }
  },
} satisfies Operation<typeof namedOrder, CancelledOrder>

/**
 * Ends an order whose payment has an unknown outcome: unpaid it is closed, paid it is given back. One that is known to
 * be paid is refunded, not cancelled. ORDER_PAID, or the provider's error.
 */
async function cancelStored(
  context: Context,
  provider: PaymentProvider,
  found: OrderRecord,
): Promise<{ order: OrderRecord; facts: CancelledFacts }> {
  const cancel = requireCapability(provider, 'cancelOrder')
  refusePaid(found)
  const facts = await cancel(numbersOf(found))
  const isOver = facts.action === 'close' || !mayBegin(context, provider, found)
  if (facts.action === 'refund') return { facts, order: await givenBack(context, provider, found, facts) }
  return { facts, order: isOver ? await closeLocally(context, provider, found, 'cancelOrder') : found }
}

/** The refund that a cancellation makes has no number but the order's. */
async function givenBack(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  facts: CancelledFacts,
): Promise<OrderRecord> {
  const { outTradeNo, totalFee } = order
  const provenance = provenanceOf(context, provider, 'cancelOrder', Buffer.from(JSON.stringify(facts)))
  const store = await context.store()
  const { transactionId } = facts
  const { eventSource } = await applyRefund(store, provenance, {
    ...{ outTradeNo, outRefundNo: outTradeNo, totalFee, refundFee: totalFee },
    ...(transactionId === undefined ? {} : { transactionId }),
    ...{ state: 'SUCCEEDED', refundStatus: 'SUCCESS' },
  })
  await deliverAtOnce(context, eventSource)
  return (await store.orders.find(order)) ?? order
}
