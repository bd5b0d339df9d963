import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import type { Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/omitUndefined.js'
import { accountOf } from '../account.js'
import { meaningsOf } from '../failures.js'
import { namedOrder } from '../fields.js'
import { cancelStored } from '../orders/endOrder.js'
import type { CancelledFacts } from '../provider.js'
import { providerSettings } from '../registry.js'
import { requireCapability } from '../requireCapability.js'
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
  errors: meaningsOf('ORDER_PAID', 'NOT_OFFERED', 'UNKNOWN_MERCHANT'),
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
