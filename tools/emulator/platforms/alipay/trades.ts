import { beijingDay } from '../../../../shared/clock.js'
import type { World } from '../contract.js'
import type { Delivery } from '../notice.js'
import type { Refund } from './refunds.js'
import type { Trade, TradeWish } from './trade.js'
import type { AlipayUser } from './users.js'

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
