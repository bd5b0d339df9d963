import { type Fen, sumOf } from '../../../money.js'
import { omitUndefined } from '../../../operation/operation.js'
import type { OrderRecord, OrderState } from '../../../store/port.js'

export const orderStates = [
  'CREATED',
  'PAYING',
  'PAID',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'CLOSED',
] as const satisfies readonly OrderState[]

/** An order as servers read it. Amounts are fen, times milliseconds since the epoch unless a field says otherwise. */
export interface ListedOrder {
  provider: string
  /** The merchant's id, or for Alipay the application's. */
  mchId: string
  appId: string
  outTradeNo: string
  state: OrderState
  /** Who may pay it; absent when it was made with a pay token. */
  openid?: string
  totalFee: Fen
  feeType: string
  body: string
  attach?: string
  createdAt: number
  updatedAt: number
  expiresAt?: number
  /** Present once it was paid, as are the next three where the provider says them. */
  transactionId?: string
  cashFee?: Fen
  payerOpenid?: string
  /** `yyyyMMddHHmmss` in Beijing. */
  timeEnd?: string
  /** Sum of the refunds that succeeded; absent when there is none. */
  refundedFee?: Fen
}

/** What of an order is shown: no hash of a pay token, nothing that belongs to the store alone. */
export function listedOrder(order: OrderRecord): ListedOrder {
  const { provider, merchantId, appId, outTradeNo, state, openid, totalFee, currency } = order
  const { body, attach, createdAt, updatedAt, expiresAt } = order
  const { transactionId, cashFee, payerOpenid, timeEnd } = order
  const given = order.refunds.filter((refund) => refund.state === 'SUCCEEDED')
  return omitUndefined<ListedOrder>({
    ...{ provider, mchId: merchantId, appId, outTradeNo, state, openid, totalFee, feeType: currency },
    ...{ body, attach, createdAt, updatedAt, expiresAt },
    ...{ transactionId, cashFee, payerOpenid, timeEnd },
    refundedFee: given.length === 0 ? undefined : sumOf(...given.map(({ refundFee }) => refundFee)),
  })
}
