import { beijingDay } from '../../../../../shared/clock.js'
import type { World } from '../../contract.js'
import type { Delivery } from '../../deliveries/notice.js'
import type { RefundOutcome, RefundView, SettledRefund } from '../../payment.js'
import type { AlipayUser } from '../users.js'
import type { Refund, RefundWish, Trade, TradeWish } from './trade.js'

/** Why the merchant is told of an order. */
export interface Occasion {
  refund?: Refund
  /** Where to, in place of the address that the order was made with. */
  notifyUrl?: string
}

export type Tell = (trade: Trade, occasion?: Occasion) => Promise<Delivery>

/** The orders of one application. */
export class Trades {
  readonly #trades: Trade[] = []

  constructor(
    private readonly world: Pick<World, 'clock' | 'agenda' | 'firstNumber'>,
    private readonly tell: Tell,
  ) {}

  create(wish: TradeWish): Trade {
    const { clock, agenda, firstNumber } = this.world
    const createdAt = clock.now()
    const number = String(firstNumber + this.#trades.length).padStart(8, '0')
    const trade: Trade = {
      wish,
      tradeNo: `${beijingDay(createdAt)}220014684505${number}`,
      createdAt,
      refunds: [],
    }
    this.#trades.push(trade)
    agenda.after(wish.expiresAt - createdAt, async () => {
      // Node's timers fire at once when they are to wait longer than 24 days.
      if (clock.now() >= wish.expiresAt) await this.close(trade)
    })
    return trade
  }

  byTradeNo(tradeNo: string): Trade | undefined {
    return this.#trades.find((trade) => trade.tradeNo === tradeNo)
  }

  byOutTradeNo(outTradeNo: string): Trade | undefined {
    return this.#trades.find(({ wish }) => wish.outTradeNo === outTradeNo)
  }

  list(): readonly Trade[] {
    return this.#trades
  }

  /** Marks an order as paid and tells the merchant. */
  pay(trade: Trade, buyer: AlipayUser, couponFee: number): Promise<Delivery> {
    trade.paid = { buyer, at: this.world.clock.now(), couponFee }
    return this.tell(trade)
  }

  /** Closes an order that nobody has paid and tells the merchant; does nothing to any other. */
  async close(trade: Trade, notifyUrl?: string): Promise<void> {
    if (trade.paid || trade.closedAt !== undefined) return
    trade.closedAt = Math.min(this.world.clock.now(), trade.wish.expiresAt)
    await this.tell(trade, notifyUrl === undefined ? {} : { notifyUrl })
  }
}

/** When the merchant is told of a refund, and when one that hangs comes to its end. */
const SETTLING_MS = 2000

/** The refunds of one application. Most are done at once. */
export class Refunds {
  readonly #refunds: Refund[] = []

  constructor(
    private readonly world: Pick<World, 'clock' | 'agenda'>,
    private readonly tell: Tell,
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
  make(trade: Trade, wish: RefundWish, hangs = false): Refund {
    const { clock, agenda } = this.world
    const now = clock.now()
    const done = hangs ? { state: 'PROCESSING' as const } : { state: 'SUCCESS' as const, successAt: now }
    const refund: Refund = { ...wish, trade, createdAt: now, isTold: false, ...done }
    this.#refunds.push(refund)
    trade.refunds.push(refund)
    agenda.after(SETTLING_MS, async () => {
      if (!refund.isTold && refund.state !== 'CLOSED') await this.settle(refund, 'SUCCESS')
    })
    return refund
  }

  /** Ends a refund now and tells the merchant. Throws when it has come to another end, or the merchant knows. */
  async settle(refund: Refund, outcome: RefundOutcome): Promise<SettledRefund> {
    const { state, trade } = refund
    const isOpen = state === 'PROCESSING' || (state === outcome && !refund.isTold)
    if (!isOpen || outcome === 'ABNORMAL')
      throw new Error(`the refund is ${state} and cannot become ${outcome}`)
    refund.state = outcome
    refund.isTold = true
    if (outcome === 'CLOSED') return { refund: refundView(refund) }
    refund.successAt ??= this.world.clock.now()
    const delivery = await this.tell(trade, { refund })
    return { refund: refundView(refund), delivery }
  }
}

/** Alipay has no number of its own for a refund. */
export const refundView = ({ trade, outRequestNo, fee, state }: Refund): RefundView => ({
  platform: 'alipay',
  outTradeNo: trade.wish.outTradeNo,
  outRefundNo: outRequestNo,
  refundId: '',
  refundFee: fee,
  state,
})
