import { beijingDay, type Clock } from '../../../../shared/clock.js'
import type { Deliveries } from '../deliveries/deliveries.js'
import type { RefundOutcome, SettledRefund } from '../payment.js'
import type { Agenda } from '../schedule.js'
import type { Order } from './order.js'
import { couponsOf, nextOutcomes, type Refund, RefundRefused, type RefundWish, refundView } from './order.js'

/** How long WeChat Pay works on a refund by itself. */
const SETTLING_MS = 2000

const YEAR_MS = 365 * 24 * 3600 * 1000
const LEAST_GAP_MS = 60_000
const MOST_PARTS = 50

/** The refunds of one merchant: their limits, and how they come to an end. */
export class Refunds {
  readonly #refunds: Refund[] = []

  constructor(
    private readonly clock: Clock,
    private readonly agenda: Agenda,
    private readonly deliveries: Deliveries,
    private readonly firstNumber: number,
  ) {}

  byOutRefundNo(outRefundNo: string): Refund | undefined {
    return this.#refunds.find(({ wish }) => wish.outRefundNo === outRefundNo)
  }

  byRefundId(refundId: string): Refund | undefined {
    return this.#refunds.find((refund) => refund.refundId === refundId)
  }

  list(): readonly Refund[] {
    return this.#refunds
  }

  /** Accepts a refund, or answers with the one that has this number already. Throws {@link RefundRefused}. */
  request(wish: RefundWish): Refund {
    const known = this.byOutRefundNo(wish.outRefundNo)
    if (known) {
      if (isSame(known.wish, wish)) return known
      throw new RefundRefused('other amounts')
    }
    const before = askedBack(wish.order)
    this.#check(wish, before)
    const refund = this.#accepted(wish, before)
    this.agenda.after(SETTLING_MS, async () => {
      if (refund.state === 'PROCESSING') await this.settle(refund, 'SUCCESS')
    })
    return refund
  }

  /** Ends a refund and tells the merchant. Throws when it has come to another end already. */
  async settle(refund: Refund, outcome: RefundOutcome): Promise<SettledRefund> {
    if (!nextOutcomes[refund.state].includes(outcome)) {
      throw new Error(`the refund is ${refund.state} and cannot become ${outcome}`)
    }
    refund.state = outcome
    if (outcome === 'SUCCESS') refund.successAt = this.clock.now()
    const notice = refund.wish.notice?.(refund)
    const delivery = notice && (await this.deliveries.send(notice))
    return { refund: refundView(refund), ...(delivery ? { delivery } : {}) }
  }

  #check({ order, totalFee, refundFee }: RefundWish, before: number): void {
    const now = this.clock.now()
    const { paid, refunds, terms } = order
    if (!paid) throw new RefundRefused('not paid')
    if (now - paid.at > YEAR_MS) throw new RefundRefused('too late')
    if (totalFee !== terms.totalFee) throw new RefundRefused('other total')
    if (before === terms.totalFee) throw new RefundRefused('nothing left')
    if (refundFee > terms.totalFee - before) throw new RefundRefused('too much')
    if (refunds.length === MOST_PARTS) throw new RefundRefused('too many')
    const last = refunds.at(-1)
    if (last && now - last.createdAt < LEAST_GAP_MS) throw new RefundRefused('too soon')
  }

  #accepted(wish: RefundWish, before: number): Refund {
    const createdAt = this.clock.now()
    const number = String(this.firstNumber + this.#refunds.length).padStart(10, '0')
    const refund: Refund = {
      wish,
      refundId: `5000000000${beijingDay(createdAt)}${number}`,
      createdAt,
      before,
      coupons: couponsOf(wish, before),
      state: 'PROCESSING',
    }
    this.#refunds.push(refund)
    wish.order.refunds.push(refund)
    return refund
  }
}

const isSame = (one: RefundWish, other: RefundWish): boolean =>
  one.order === other.order && one.refundFee === other.refundFee && one.totalFee === other.totalFee

/** Fen of an order that were asked back and not refused. */
const askedBack = ({ refunds }: Order): number =>
  refunds.reduce((sum, { state, wish }) => (state === 'CLOSED' ? sum : sum + wish.refundFee), 0)
