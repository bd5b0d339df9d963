import {
  CLOSE_UNFINISHED,
  meaningsOf,
  NOT_OFFERED,
  ORDER_NOT_BEGUN,
  ORDER_PAID,
  UNKNOWN_MERCHANT,
} from '../../errors/index.js'
import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import type { Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderState } from '../../store/port.js'
import { namedOrder } from '../fields.js'
import { closeStored } from '../orders/closing.js'
import { accountOf } from '../orders/findOrder.js'
import type { ClosedFacts } from '../provider.js'
import { entryOf, providerSettings, requireCapability } from '../registry.js'

export interface ClosedOrder extends ClosedFacts {
  provider: string
  /** Where the order stands here; absent for orders that were not made here. */
  orderState?: OrderState
}

/** Closes an unpaid order, so that nobody pays it any more. One that was paid meanwhile is PAID, and ORDER_PAID says so. */
export const closeOrder = {
  name: 'payment.closeOrder',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'Close an order nobody has paid', zh: '关闭未支付的订单' },
  input: namedOrder,
  reach: 'server',
  repeat: 'safe',
  settings: [...providerSettings, ...eventSettings, ...evidenceSettings],
  errors: meaningsOf(ORDER_PAID, ORDER_NOT_BEGUN, CLOSE_UNFINISHED, NOT_OFFERED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<ClosedOrder> {
    const { provider, order } = await accountOf(context, given)
    if (!order) {
      const { outTradeNo, transactionId } = given
      const close = requireCapability(provider, 'closeOrder')
      return { provider: provider.id, ...(await close(omitUndefined({ outTradeNo, transactionId }))) }
    }
    const { appId, merchantId, outTradeNo } = order
    const mchId = entryOf(provider.id)?.entry.family === 'weixin' ? merchantId : undefined
    const { state: orderState } = await closeStored(context, provider, order)
    return omitUndefined({ provider: provider.id, appId, mchId, outTradeNo, orderState })
  },
} satisfies Operation<typeof namedOrder, ClosedOrder>
