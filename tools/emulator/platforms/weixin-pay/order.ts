import type { Notice } from '../deliveries/notice.js'
import type { OrderView, RefundOutcome, RefundView } from '../payment.js'

/** The two versions of the API. One merchant has one set of orders, whichever of them made an order. */
export type Version = 'v2' | 'v3'

export const platformOf = (via: Version): string => `weixin-pay-${via}`

/** What an order says, in neither version's words. Amounts in fen. */
export interface Terms {
  readonly via: Version
  readonly appId: string
  readonly outTradeNo: string
  readonly tradeType: 'JSAPI' | 'NATIVE' | 'APP' | 'MWEB'
  readonly totalFee: number
  readonly description: string
  readonly notifyUrl: string
  readonly openid?: string
  readonly attach?: string
  readonly deviceInfo?: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** The request without what may differ when it is sent again. */
  readonly fingerprint: string
  /** With which algorithm V2 signs what it says of the order by itself. */
  readonly signType: 'MD5' | 'HMAC-SHA256'
}

export interface Coupon {
  readonly id: string
  /** Fen. */
  readonly fee: number
}

export interface Paid {
  readonly openid: string
  readonly transactionId: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly coupons: readonly Coupon[]
}

interface Prepay {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

export interface Order {
  readonly terms: Terms
  readonly createdAt: number
  /** The one handed out last comes first. */
  prepays: readonly Prepay[]
  closed: boolean
  paid?: Paid
  readonly refunds: Refund[]
}

/** REFUND: paid, and at least a part of it was asked back. */
export type TradeState = 'NOTPAY' | 'CLOSED' | 'SUCCESS' | 'REFUND'

export const stateTexts: Readonly<Record<TradeState, string>> = {
  SUCCESS: '支付成功',
  REFUND: '转入退款',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
}

/** An order that nobody paid in time closes by itself. `now` in milliseconds. */
export function stateOf({ paid, refunds, closed, terms }: Order, now: number): TradeState {
  if (paid) return refunds.length > 0 ? 'REFUND' : 'SUCCESS'
  return closed || terms.expiresAt <= now ? 'CLOSED' : 'NOTPAY'
}

/** Fen that coupons paid. */
export const couponFee = ({ coupons }: Paid): number => coupons.reduce((sum, { fee }) => sum + fee, 0)

export function orderView(order: Order, now: number): OrderView {
  const { terms, paid, prepays } = order
  const openid = paid?.openid ?? terms.openid
  return {
    platform: platformOf(terms.via),
    outTradeNo: terms.outTradeNo,
    prepayId: prepays[0]?.id ?? '',
    tradeType: terms.tradeType,
    state: stateOf(order, now),
    totalFee: terms.totalFee,
    notifyUrl: terms.notifyUrl,
    ...(openid ? { openid } : {}),
    ...(paid ? { transactionId: paid.transactionId } : {}),
  }
}

/** What a merchant asks for, in neither version's words. Amounts in fen. */
export interface RefundRequest {
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
  readonly request: RefundRequest
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
export function couponsOf({ order, refundFee }: RefundRequest, before: number): Coupon[] {
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

export const refundView = ({ request, refundId, state }: Refund): RefundView => ({
  platform: platformOf(request.via),
  outTradeNo: request.order.terms.outTradeNo,
  outRefundNo: request.outRefundNo,
  refundId,
  refundFee: request.refundFee,
  state,
})

/** Outcomes that a refund in that state can still come to. */
export const nextOutcomes: Readonly<Record<RefundView['state'], readonly RefundOutcome[]>> = {
  PROCESSING: ['SUCCESS', 'CLOSED', 'ABNORMAL'],
  ABNORMAL: ['SUCCESS', 'CLOSED'],
  SUCCESS: [],
  CLOSED: [],
}
