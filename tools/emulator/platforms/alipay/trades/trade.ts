import { DAY_MS } from '../../../../../shared/clock.js'
import type { OrderView, RefundView } from '../../payment.js'
import type { AlipayAgreement } from '../account.js'
import type { AlipayUser } from '../users.js'

/** What an order says. Amounts in fen. */
export interface TradeOrder {
  /** Mini programs make theirs beforehand, those of apps come to be when the cashier opens. */
  readonly product: 'JSAPI_PAY' | 'QUICK_MSECURITY_PAY'
  readonly outTradeNo: string
  readonly totalFee: number
  readonly subject: string
  readonly body?: string
  readonly buyer?: AlipayUser
  readonly passbackParams?: string
  readonly notifyUrl?: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** The whole request, so that a changed one is found out. */
  readonly fingerprint: string
}

export interface Paid {
  readonly buyer: AlipayUser
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Fen that coupons of Alipay paid. */
  readonly couponFee: number
}

export interface Trade {
  readonly order: TradeOrder
  /** 28 digits. */
  readonly tradeNo: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  closedAt?: number
  paid?: Paid
  readonly refunds: Refund[]
}

/** What a merchant asks for. */
export interface RefundRequest {
  readonly outRequestNo: string
  /** Whether the merchant named that number; else it is the order's own. */
  readonly isNamed: boolean
  /** Fen. */
  readonly fee: number
  readonly reason?: string
}

export interface Refund extends RefundRequest {
  readonly trade: Trade
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  state: RefundView['state']
  /** Milliseconds since the epoch. */
  successAt?: number
  isNotified: boolean
}

export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_CLOSED' | 'TRADE_SUCCESS' | 'TRADE_FINISHED'

/** How long a payment can be given back. */
const REFUND_PERIOD_MS = 365 * DAY_MS

/** `now` in milliseconds. An order that nobody paid in time closes by itself, and so does one given back whole. */
export function statusOf(
  trade: Trade,
  now: number,
  { refunds }: Pick<AlipayAgreement, 'refunds'>,
): TradeStatus {
  const { paid, closedAt, order } = trade
  if (!paid) return closedAt !== undefined || order.expiresAt <= now ? 'TRADE_CLOSED' : 'WAIT_BUYER_PAY'
  if (refundedFee(trade) === order.totalFee) return 'TRADE_CLOSED'
  return refunds && now - paid.at <= REFUND_PERIOD_MS ? 'TRADE_SUCCESS' : 'TRADE_FINISHED'
}

const sum = (refunds: readonly Refund[]): number => refunds.reduce((total, { fee }) => total + fee, 0)

/** Fen that were given back so far. */
export const refundedFee = ({ refunds }: Trade): number =>
  sum(refunds.filter(({ state }) => state === 'SUCCESS'))

/** Fen that can still be asked back. */
export const leftFee = ({ order, refunds }: Trade): number =>
  order.totalFee - sum(refunds.filter(({ state }) => state !== 'CLOSED'))

export const tradeView = (trade: Trade, now: number, agreement: AlipayAgreement): OrderView => ({
  platform: 'alipay',
  outTradeNo: trade.order.outTradeNo,
  prepayId: trade.tradeNo,
  tradeType: trade.order.product,
  state: statusOf(trade, now, agreement),
  totalFee: trade.order.totalFee,
  notifyUrl: trade.order.notifyUrl ?? '',
  ...openidOf(trade, agreement),
  ...(trade.paid ? { transactionId: trade.tradeNo } : {}),
})

function openidOf({ paid, order }: Trade, { userIds }: AlipayAgreement): { openid?: string } {
  const user = paid?.buyer ?? order.buyer
  return user ? { openid: userIds === 'user_id' ? user.userId : user.openId } : {}
}
