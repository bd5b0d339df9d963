import { beijingDay, type Clock, DAY_MS } from '../../../../shared/clock.js'
import type { Deliveries } from '../deliveries/deliveries.js'
import type { FinishedRefund, RefundOutcome } from '../payment.js'
import type { Schedule } from '../schedule.js'
import type { Order } from './order.js'
import {
  couponsOf,
  nextOutcomes,
  type Refund,
  RefundRefused,
  type RefundRequest,
  refundView,
} from './order.js'

/** How long WeChat Pay works on a refund by itself. */
const PROCESSING_MS = 2000

const YEAR_MS = 365 * DAY_MS
const LEAST_GAP_MS = 60_000
const MOST_PARTS = 50

/** The refunds of one merchant: their limits, and how they come to an end. */
export class Refunds {
  readonly #refunds: Refund[] = []

  constructor(
    private readonly clock: Clock,
    private readonly schedule: Schedule,
    private readonly deliveries: Deliveries,
    private readonly firstNumber: number,
  ) {}

  byOutRefundNo(outRefundNo: string): Refund | undefined {
    return this.#refunds.find(({ request }) => request.outRefundNo === outRefundNo)
  }

  byRefundId(refundId: string): Refund | undefined {
    return this.#refunds.find((refund) => refund.refundId === refundId)
  }

  list(): readonly Refund[] {
    return this.#refunds
  }

  /** Accepts a refund, or answers with the one that has this number already. Throws {@link RefundRefused}. */
  request(request: RefundRequest): Refund {
    const known = this.byOutRefundNo(request.outRefundNo)
    if (known) {
      if (isSame(known.request, request)) return known
      throw new RefundRefused('other amounts')
    }
    const before = askedBack(request.order)
    this.#check(request, before)
    const refund = this.#accepted(request, before)
    this.schedule.after(PROCESSING_MS, async () => {
      if (refund.state === 'PROCESSING') await this.finish(refund, 'SUCCESS')
    })
    return refund
  }

  /** Ends a refund and tells the merchant. Throws when it has come to another end already. */
  async finish(refund: Refund, outcome: RefundOutcome): Promise<FinishedRefund> {
    if (!nextOutcomes[refund.state].includes(outcome)) {
      throw new Error(`the refund is ${refund.state} and cannot become ${outcome}`)
    }
    refund.state = outcome
    if (outcome === 'SUCCESS') refund.successAt = this.clock.now()
    const notice = refund.request.notice?.(refund)
    const delivery = notice && (await this.deliveries.send(notice))
    return { refund: refundView(refund), ...(delivery ? { delivery } : {}) }
  }

  #check({ order, totalFee, refundFee }: RefundRequest, before: number): void {
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

  #accepted(request: RefundRequest, before: number): Refund {
    const createdAt = this.clock.now()
    const number = String(this.firstNumber + this.#refunds.length).padStart(10, '0')
    const refund: Refund = {
      request,
      refundId: `5000000000${beijingDay(createdAt)}${number}`,
      createdAt,
      before,
      coupons: couponsOf(request, before),
      state: 'PROCESSING',
    }
    this.#refunds.push(refund)
    request.order.refunds.push(refund)
    return refund
  }
}

const isSame = (one: RefundRequest, other: RefundRequest): boolean =>
  one.order === other.order && one.refundFee === other.refundFee && one.totalFee === other.totalFee

/** Fen of an order that were asked back and not refused. */
const askedBack = ({ refunds }: Order): number =>
  refunds.reduce((sum, { state, request }) => (state === 'CLOSED' ? sum : sum + request.refundFee), 0)
