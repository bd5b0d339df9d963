import { beijingDay } from '../../../../../shared/clock.js'
import type { PlatformContext } from '../../contract.js'
import type { Delivery } from '../../deliveries/notice.js'
import type { FinishedRefund, RefundOutcome, RefundView } from '../../payment.js'
import type { AlipayUser } from '../users.js'
import type { Refund, RefundRequest, Trade, TradeOrder } from './trade.js'

/** Why the merchant is told of an order. */
export interface Occasion {
  refund?: Refund
  /** Where to, in place of the address that the order was made with. */
  notifyUrl?: string
}

export type Notify = (trade: Trade, occasion?: Occasion) => Promise<Delivery>

/** The orders of one application. */
export class Trades {
  readonly #trades: Trade[] = []

  constructor(
    private readonly context: Pick<PlatformContext, 'clock' | 'schedule' | 'firstNumber'>,
    private readonly notify: Notify,
  ) {}

  create(order: TradeOrder): Trade {
    const { clock, schedule, firstNumber } = this.context
    const createdAt = clock.now()
    const number = String(firstNumber + this.#trades.length).padStart(8, '0')
    const trade: Trade = {
      order,
      tradeNo: `${beijingDay(createdAt)}220014684505${number}`,
      createdAt,
      refunds: [],
    }
    this.#trades.push(trade)
    schedule.after(order.expiresAt - createdAt, async () => {
      // Node's timers fire at once when they are to wait longer than 24 days.
      if (clock.now() >= order.expiresAt) await this.close(trade)
    })
    return trade
  }

  byTradeNo(tradeNo: string): Trade | undefined {
    return this.#trades.find((trade) => trade.tradeNo === tradeNo)
  }

  byOutTradeNo(outTradeNo: string): Trade | undefined {
    return this.#trades.find(({ order }) => order.outTradeNo === outTradeNo)
  }

  list(): readonly Trade[] {
    return this.#trades
  }

  /** Marks an order as paid and tells the merchant. */
  pay(trade: Trade, buyer: AlipayUser, couponFee: number): Promise<Delivery> {
    trade.paid = { buyer, at: this.context.clock.now(), couponFee }
    return this.notify(trade)
  }

  /** Closes an order that nobody has paid and tells the merchant; does nothing to any other. */
  async close(trade: Trade, notifyUrl?: string): Promise<void> {
    if (trade.paid || trade.closedAt !== undefined) return
    trade.closedAt = Math.min(this.context.clock.now(), trade.order.expiresAt)
    await this.notify(trade, notifyUrl === undefined ? {} : { notifyUrl })
  }
}

/** When the merchant is told of a refund, and when one that hangs comes to its end. */
const PROCESSING_MS = 2000

/** The refunds of one application. Most are done at once. */
export class Refunds {
  readonly #refunds: Refund[] = []

  constructor(
    private readonly context: Pick<PlatformContext, 'clock' | 'schedule'>,
    private readonly notify: Notify,
  ) {}

  /** The refund of that number of that order. */
  find(trade: Trade, outRequestNo: string): Refund | undefined {
    return trade.refunds.find((refund) => refund.outRequestNo === outRequestNo)
  }

  byOutRequestNo(outRequestNo: string): Refund | undefined {
    return this.#refunds.find((refund) => refund.outRequestNo === outRequestNo)
  }

  list(): readonly Refund[] {
    return this.#refunds
  }

  /** Gives money back; a refund that `hangs` takes its time. The caller has checked that it may be. */
  make(trade: Trade, request: RefundRequest, hangs = false): Refund {
    const { clock, schedule } = this.context
    const now = clock.now()
    const done = hangs ? { state: 'PROCESSING' as const } : { state: 'SUCCESS' as const, successAt: now }
    const refund: Refund = { ...request, trade, createdAt: now, isNotified: false, ...done }
    this.#refunds.push(refund)
    trade.refunds.push(refund)
    schedule.after(PROCESSING_MS, async () => {
      if (!refund.isNotified && refund.state !== 'CLOSED') await this.finish(refund, 'SUCCESS')
    })
    return refund
  }

  /** Ends a refund now and tells the merchant. Throws when it has come to another end, or the merchant knows. */
  async finish(refund: Refund, outcome: RefundOutcome): Promise<FinishedRefund> {
    const { state, trade } = refund
    const isOpen = state === 'PROCESSING' || (state === outcome && !refund.isNotified)
    if (!isOpen || outcome === 'ABNORMAL')
      throw new Error(`the refund is ${state} and cannot become ${outcome}`)
    refund.state = outcome
    refund.isNotified = true
    if (outcome === 'CLOSED') return { refund: refundView(refund) }
    refund.successAt ??= this.context.clock.now()
    const delivery = await this.notify(trade, { refund })
    return { refund: refundView(refund), delivery }
  }
}

/** Alipay has no number of its own for a refund. */
export const refundView = ({ trade, outRequestNo, fee, state }: Refund): RefundView => ({
  platform: 'alipay',
  outTradeNo: trade.order.outTradeNo,
  outRefundNo: outRequestNo,
  refundId: '',
  refundFee: fee,
  state,
})
