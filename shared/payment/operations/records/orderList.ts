import { choice, object, optional } from '../../../operation/fields.js'
import type { Operation } from '../../../operation/index.js'
import { ruled } from '../../../operation/rules.js'
import * as fields from '../../fields.js'
import { type ListedOrder, listedOrder, orderStates } from './order.js'
import { endOf, merchantFields, pageFields, pageRequest, wholeMerchant } from './page.js'

const input = ruled(
  object({
    state: optional(choice(orderStates)),
    openid: optional(fields.openid),
    ...merchantFields,
    ...pageFields,
  }),
  wholeMerchant,
)

export interface OrderList {
  orders: ListedOrder[]
  /** Where the next page begins; absent on the last one. */
  cursor?: string
}

/**
 * The orders that were made here, the newest first: by state, by the time they were made, by who may pay them, by
 * merchant. Whatever is made meanwhile moves no page. No provider is asked.
 */
export const orderList = {
  name: 'payment.orderList',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'List the orders that were made here', zh: '订单列表' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [],
  async run(given, context): Promise<OrderList> {
    const { state, openid, provider, mchId: merchantId } = given
    const { lists } = await context.store()
    const page = await lists.orders({ state, openid, provider, merchantId }, pageRequest(given))
    return { orders: page.records.map(listedOrder), ...endOf(page) }
  },
} satisfies Operation<typeof input, OrderList>
