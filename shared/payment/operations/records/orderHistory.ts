import { meaningsOf, ORDER_NOT_FOUND, openapiError } from '../../../errors/index.js'
import type { Fen } from '../../../money.js'
import type { Operation } from '../../../operation/index.js'
import { omitUndefined } from '../../../operation/operation.js'
import type { OrderRecord, OrderState, RefundEntry, RefundState } from '../../../store/port.js'
import { namedOrder as input } from '../../fields.js'
import { namedOrder } from '../../orders/findOrder.js'
import { type ListedOrder, listedOrder } from './order.js'

/** One change of an order's state. */
export interface OrderChange {
  /** Milliseconds since the epoch. */
  at: number
  /** Null for the making of the order. */
  from: OrderState | null
  to: OrderState
  /** What caused it: an operation, `notice`, `query`, `bill` or `expiry`. */
  by: string
  /** The id of the kept message that caused it, which `noticeList` shows; absent where no message did. */
  evidence?: string
  /** The message had been applied before, and the order did not show it any more: it was older than its records. */
  repair?: true
}

/** A refund of the order as it stands. */
export interface HeldRefund {
  outRefundNo: string
  refundFee: Fen
  state: RefundState
  refundId?: string
  refundDesc?: string
  requestedAt: number
  /** When the provider was first known to have it. */
  acceptedAt?: number
  updatedAt: number
  /** `yyyy-MM-dd HH:mm:ss` in Beijing. */
  successTime?: string
}

export interface OrderHistoryAnswer extends ListedOrder {
  history: OrderChange[]
  refunds: HeldRefund[]
  /** When the provider was asked last. */
  queriedAt?: number
  /** When it will be asked next; absent where nothing is left to ask. */
  nextQueryAt?: number
}

/** Everything that happened to one order: each change with its cause and its evidence, and its refunds. */
export const orderHistory = {
  name: 'payment.orderHistory',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'Show all that happened to an order', zh: '订单的全部变更记录' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [],
  errors: meaningsOf(ORDER_NOT_FOUND),
  async run(given, context): Promise<OrderHistoryAnswer> {
    const order = await namedOrder(await context.store(), given)
    if (!order) throw openapiError(ORDER_NOT_FOUND)
    return historyOf(order)
  },
} satisfies Operation<typeof input, OrderHistoryAnswer>

function historyOf(order: OrderRecord): OrderHistoryAnswer {
  const { history, refunds, queriedAt, nextQueryAt } = order
  return omitUndefined<OrderHistoryAnswer>({
    ...listedOrder(order),
    ...{ history, refunds: refunds.map(heldRefund), queriedAt, nextQueryAt },
  })
}

const heldRefund = (refund: RefundEntry): HeldRefund => {
  const { outRefundNo, refundFee, state, refundId, refundDesc } = refund
  const { requestedAt, acceptedAt, updatedAt, successTime } = refund
  return omitUndefined<HeldRefund>({
    ...{ outRefundNo, refundFee, state, refundId, refundDesc },
    ...{ requestedAt, acceptedAt, updatedAt, successTime },
  })
}
