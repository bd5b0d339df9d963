import type { Notice } from '../notice.js'
import type { RefundOutcome, RefundView } from '../payment.js'
import { type Coupon, type Order, platformOf, type Version } from './order.js'

/** What a merchant asks for, in neither version's words. Amounts in fen. */
export interface RefundWish {
  readonly via: Version
  readonly order: Order
  readonly outRefundNo: string
  readonly totalFee: number
  readonly refundFee: number
  readonly reason?: string
  /** From which of the merchant's accounts, in the version's words. */
  readonly account?: string
  /** How to tell the merchant what became of it; absent when it named no address. */
  readonly notice?: (refund: Refund) => Notice
}

export interface Refund {
  readonly wish: RefundWish
  readonly refundId: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** Fen of the order that were asked back before. */
  readonly before: number
  /** What goes back to coupons. */
  readonly coupons: readonly Coupon[]
  state: RefundView['state']
  /** When it reached the payer; milliseconds since the epoch. */
  successAt?: number
}

/** Why a refund is refused; each version has its own code and words for it. */
export type RefundProblem =
  | 'other amounts'
  | 'not paid'
  | 'too late'
  | 'other total'
  | 'nothing left'
  | 'too much'
  | 'too many'
  | 'too soon'

export class RefundRefused extends Error {
  constructor(readonly problem: RefundProblem) {
    super(problem)
  }
}

/** Fen that go back to coupons. */
export const refundedCouponFee = ({ coupons }: Refund): number =>
  coupons.reduce((sum, { fee }) => sum + fee, 0)

/**
 * What of a refund goes back to coupons: in proportion, and so that all refunds of an order together give back all.
 * Coupon after coupon is filled.
 */
export function couponsOf({ order, refundFee }: RefundWish, before: number): Coupon[] {
  const coupons = order.paid?.coupons ?? []
  const total = BigInt(order.terms.totalFee)
  const whole = coupons.reduce((sum, { fee }) => sum + BigInt(fee), 0n)
  const share = (fee: number) => Number((BigInt(fee) * whole) / total)
  let [from, until] = [share(before), share(before + refundFee)]
  return coupons.flatMap(({ id, fee }) => {
    const part = Math.max(0, Math.min(fee, until) - Math.max(0, from))
    from -= fee
    until -= fee
    return part > 0 ? [{ id, fee: part }] : []
  })
}

export const refundView = ({ wish, refundId, state }: Refund): RefundView => ({
  platform: platformOf(wish.via),
  outTradeNo: wish.order.terms.outTradeNo,
  outRefundNo: wish.outRefundNo,
  refundId,
  refundFee: wish.refundFee,
  state,
})

/** Outcomes that a refund in that state can still come to. */
export const nextOutcomes: Readonly<Record<RefundView['state'], readonly RefundOutcome[]>> = {
  PROCESSING: ['SUCCESS', 'CLOSED', 'ABNORMAL'],
  ABNORMAL: ['SUCCESS', 'CLOSED'],
  SUCCESS: [],
  CLOSED: [],
}
