import type { Refund } from './refunds.js'
import type { Paid, Trade } from './trade.js'
import type { Trades } from './trades.js'

/** One movement of money: a payment, or what was given back of it. */
export interface Line {
  /** Milliseconds since the epoch. */
  at: number
  trade: Trade
  paid: Paid
  /** Fen; negative when money leaves. */
  amount: number
  /** Fen; what Alipay takes, negative, or gives back. */
  charge: number
  /** Absent in the line of a payment. */
  refund?: Refund
}

/** Fen that Alipay takes of a payment: 0.6 %, rounded to the nearest fen. A refund leaves it there. */
const chargeOf = (fen: number): number => -Math.floor((fen * 6 + 500) / 1000)

/** Everything that moved, in the order in which it happened. */
export function linesOf(trades: Trades): Line[] {
  const lines = trades.list().flatMap((trade): Line[] => {
    const { paid, refunds, wish } = trade
    if (!paid) return []
    const done = refunds.flatMap((refund): Line[] =>
      refund.successAt === undefined
        ? []
        : [{ at: refund.successAt, trade, paid, refund, amount: -refund.fee, charge: 0 }],
    )
    return [{ at: paid.at, trade, paid, amount: wish.totalFee, charge: chargeOf(wish.totalFee) }, ...done]
  })
  return lines.sort((one, other) => one.at - other.at)
}
