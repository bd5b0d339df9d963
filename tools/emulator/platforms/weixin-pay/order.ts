import type { OrderView } from '../payment.js'
import type { Refund } from './refund.js'

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
