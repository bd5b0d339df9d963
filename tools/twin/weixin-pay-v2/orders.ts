import { beijingCompact, type Clock, nonce, type Random } from '../../../shared/clock/index.js'
import type { OrderView } from '../contract.js'
import type { Message, SignType } from './signature.js'

/** How long the payer has from the handing out of a prepay_id. */
const PREPAY_LIFE_MS = 2 * 3600 * 1000

export interface Paid {
  openid: string
  transactionId: string
  /** `yyyyMMddHHmmss` in Beijing. */
  timeEnd: string
  /** Fen. */
  couponFee: number
  couponId: string
}

export interface Order {
  /** The unified order as it was sent. */
  readonly request: Message
  readonly outTradeNo: string
  readonly signType: SignType
  readonly createdAt: number
  /** `time_expire` as milliseconds since the epoch. */
  readonly expiresAt: number
  prepayId: string
  prepayUntil: number
  closed: boolean
  paid?: Paid
}

export type TradeState = 'NOTPAY' | 'CLOSED' | 'SUCCESS'

/** The orders of one merchant, by every number they can be asked for. */
export class Orders {
  readonly #orders: Order[] = []
  #transactions = 0

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  create(request: Message, signType: SignType, expiresAt: number): Order {
    const order: Order = {
      request,
      outTradeNo: request.out_trade_no ?? '',
      signType,
      createdAt: this.clock.now(),
      expiresAt,
      closed: false,
      ...this.#prepay(),
    }
    this.#orders.push(order)
    return order
  }

  byOutTradeNo(outTradeNo: string): Order | undefined {
    return this.#orders.find((order) => order.outTradeNo === outTradeNo)
  }

  byPrepayId(prepayId: string): Order | undefined {
    return this.#orders.find((order) => order.prepayId === prepayId)
  }

  byTransactionId(transactionId: string): Order | undefined {
    return this.#orders.find((order) => order.paid?.transactionId === transactionId)
  }

  /** A prepay_id that still works: the one the order has, or a new one when it is too old. */
  prepayIdOf(order: Order): string {
    if (order.prepayUntil <= this.clock.now()) Object.assign(order, this.#prepay())
    return order.prepayId
  }

  /** An order that nobody paid in time closes by itself. */
  stateOf(order: Order): TradeState {
    if (order.paid) return 'SUCCESS'
    return order.closed || order.expiresAt <= this.clock.now() ? 'CLOSED' : 'NOTPAY'
  }

  pay(order: Order, openid: string, couponFee: number): Paid {
    const timeEnd = beijingCompact(this.clock.now())
    this.#transactions += 1
    const number = String(this.#transactions).padStart(10, '0')
    const transactionId = `4200000000${timeEnd.slice(0, 8)}${number}`
    const couponId = String(this.random.bytes(4).readUInt32BE())
    order.paid = { openid, couponFee, couponId, timeEnd, transactionId }
    return order.paid
  }

  view(order: Order): OrderView {
    const { request, paid } = order
    const openid = paid?.openid ?? request.openid
    return {
      platform: 'weixin-pay-v2',
      outTradeNo: order.outTradeNo,
      prepayId: order.prepayId,
      tradeType: request.trade_type ?? '',
      state: this.stateOf(order),
      totalFee: Number(request.total_fee),
      notifyUrl: request.notify_url ?? '',
      ...(openid ? { openid } : {}),
      ...(paid ? { transactionId: paid.transactionId } : {}),
    }
  }

  list(): OrderView[] {
    return this.#orders.map((order) => this.view(order))
  }

  #prepay(): Pick<Order, 'prepayId' | 'prepayUntil'> {
    const now = this.clock.now()
    const prepayId = `wx${beijingCompact(now)}${nonce(this.random, 20)}`
    return { prepayId, prepayUntil: now + PREPAY_LIFE_MS }
  }
}
