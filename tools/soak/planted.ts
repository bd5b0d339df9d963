import { fen, restOf } from '../../shared/money.js'
import type { DifferenceType, OrderRecord, Store } from '../../shared/store/port.js'

/** What is made wrong on purpose once everything agrees, to see that the comparison with the bills names it. */

export interface Planted {
  type: DifferenceType
  outTradeNo: string
}

const isPlain = ({ state, refunds }: OrderRecord): boolean => state === 'PAID' && refunds.length === 0

const isRefunded = ({ refunds }: OrderRecord): boolean =>
  refunds.length === 1 && refunds[0]?.state === 'SUCCEEDED' && refunds[0].refundFee > 1

/** How each kind of difference is brought about in an order that agrees. */
const changes: readonly {
  type: DifferenceType
  fits(order: OrderRecord): boolean
  change(order: OrderRecord): OrderRecord
}[] = [
  {
    type: 'amount',
    fits: isPlain,
    change: (order) => ({ ...order, totalFee: restOf(order.totalFee, fen(1)) }),
  },
  {
    type: 'duplicate',
    fits: isPlain,
    change: (order) => ({ ...order, transactionId: `${order.transactionId?.slice(0, -3)}X99` }),
  },
  { type: 'foreign-app', fits: isPlain, change: (order) => ({ ...order, appId: 'wxffffffffffffffff' }) },
  {
    type: 'refund-amount',
    fits: isRefunded,
    change: (order) => ({
      ...order,
      refunds: order.refunds.map((entry) => ({ ...entry, refundFee: restOf(entry.refundFee, fen(1)) })),
    }),
  },
]

/**
 * Plants one difference of each kind for each provider that has orders which fit, and an order that is paid here alone.
 * Alipay's bill names no application, so a foreign one cannot be planted there. `orders` agree with the platforms.
 */
export async function plant(store: Store, orders: readonly OrderRecord[]): Promise<Planted[]> {
  const planted: Planted[] = []
  const used = new Set<string>()
  for (const provider of new Set(orders.map(({ provider }) => provider))) {
    const own = orders.filter((order) => order.provider === provider)
    for (const { type, fits, change } of changes) {
      if (type === 'foreign-app' && provider === 'alipay') continue
      const order = own.find((each) => fits(each) && !used.has(each.outTradeNo))
      if (!order) continue
      used.add(order.outTradeNo)
      if (await store.orders.replace(change(order))) planted.push({ type, outTradeNo: order.outTradeNo })
    }
    const model = own.find(isPlain)
    if (!model) continue
    const outTradeNo = `planted_${provider}`
    const paidAgain = { ...model, outTradeNo, transactionId: `${model.transactionId?.slice(0, -3)}X98` }
    if (await store.orders.create({ ...paidAgain, rev: 0 }))
      planted.push({ type: 'missing-there', outTradeNo })
  }
  return planted
}

/** An order as it was before its payment was known, as from a backup: the bill has it asked about, and it heals. */
export function restored(order: OrderRecord): OrderRecord {
  const { transactionId: _t, cashFee: _c, payerOpenid: _p, timeEnd: _e, nextQueryAt: _n, ...before } = order
  return { ...before, state: 'PAYING', history: order.history.filter(({ to }) => to !== 'PAID'), events: [] }
}
