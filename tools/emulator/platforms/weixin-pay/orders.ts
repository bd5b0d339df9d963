import {
  beijingCompact,
  beijingDay,
  type Clock,
  HOUR_MS,
  nonce,
  type Random,
} from '../../../../shared/clock.js'
import type { Order, Paid, Terms } from './order.js'

/** How long the payer has from the handing out of a prepay_id. */
const PREPAY_LIFE_MS = 2 * HOUR_MS

/** The orders of one merchant, by every number they can be asked for. */
export class Orders {
  readonly #orders: Order[] = []
  #transactions = 0

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly firstNumber: number,
  ) {}

  create(terms: Terms): Order {
    const order: Order = {
      terms,
      createdAt: this.clock.now(),
      prepays: [],
      closed: false,
      refunds: [],
    }
    this.#orders.push(order)
    return order
  }

  byOutTradeNo(outTradeNo: string): Order | undefined {
    return this.#orders.find(({ terms }) => terms.outTradeNo === outTradeNo)
  }

  byPrepayId(prepayId: string): Order | undefined {
    return this.#orders.find(({ prepays }) => prepays.some(({ id }) => id === prepayId))
  }

  byTransactionId(transactionId: string): Order | undefined {
    return this.#orders.find(({ paid }) => paid?.transactionId === transactionId)
  }

  /** A prepay_id that still works: the one the order has, or a new one when it is too old. */
  prepayIdOf(order: Order): string {
    const [last] = order.prepays
    return last && last.until > this.clock.now() ? last.id : this.newPrepayId(order)
  }

  /** One more prepay_id; those before it go on working until their time is up. */
  newPrepayId(order: Order): string {
    const now = this.clock.now()
    const id = `wx${beijingCompact(now)}${nonce(this.random, 20)}`
    order.prepays = [{ id, until: now + PREPAY_LIFE_MS }, ...order.prepays]
    return id
  }

  /** `coupons`: fen paid by each. */
  pay(order: Order, openid: string, coupons: readonly number[]): Paid {
    const at = this.clock.now()
    const number = String(this.firstNumber + this.#transactions).padStart(10, '0')
    this.#transactions += 1
    order.paid = {
      openid,
      at,
      transactionId: `4200000000${beijingDay(at)}${number}`,
      coupons: coupons.map((fee) => ({ fee, id: String(this.random.bytes(4).readUInt32BE()) })),
    }
    return order.paid
  }

  list(): readonly Order[] {
    return this.#orders
  }
}
