import type { Platform } from './contract.js'
import type { Delivery } from './deliveries/notice.js'

/** As `PAYMENT_PROVIDER` names them. */
export const providerNames = ['weixin-v2', 'weixin-v3', 'alipay'] as const

export type ProviderName = (typeof providerNames)[number]

/** A platform where users pay. */
export interface PaymentPlatform extends Platform {
  readonly provider: ProviderName
  /** Pays without a phone; undefined when the order is not of this platform. */
  pay(order: string, options: PayOptions): Promise<Payment> | undefined
  /** What the phone does; undefined when the order is not of this platform. */
  requestPayment(orderInfo: OrderInfo, options: PayOptions): Promise<Payment> | undefined
}

/** The client parameters as the merchant's server handed them out: WeChat's have names, Alipay's are one text. */
export type OrderInfo = Readonly<Record<string, unknown>> | string

export interface PayOptions {
  /** Who pays; by default the one the order was made for, else somebody called `payer`. */
  openid?: string
  /** Fen paid by a coupon; the user's own part is that much smaller. */
  couponFee?: number
  /** Fen paid by each of several coupons; takes the place of `couponFee`. */
  coupons?: readonly number[]
}

export interface Payment {
  errMsg: 'requestPayment:ok'
  order: OrderView
  /** The notice; its first attempt has been made, unless a fault holds it back. */
  delivery: Delivery
}

/** An order as it is shown; amounts in fen. */
export interface OrderView {
  platform: string
  outTradeNo: string
  prepayId: string
  tradeType: string
  state: string
  totalFee: number
  notifyUrl: string
  openid?: string
  transactionId?: string
}

/** How a refund ends. ABNORMAL (V2's CHANGE) needs a person, and can still end either way. */
export const refundOutcomes = ['SUCCESS', 'CLOSED', 'ABNORMAL'] as const

export type RefundOutcome = (typeof refundOutcomes)[number]

/** A refund as it is shown; amounts in fen. */
export interface RefundView {
  platform: string
  outTradeNo: string
  outRefundNo: string
  refundId: string
  refundFee: number
  state: 'PROCESSING' | RefundOutcome
}

export interface FinishedRefund {
  refund: RefundView
  /** The notice, when the merchant asked for one. */
  delivery?: Delivery
}

/** The phone refused to pay; `message` is the `errMsg` that `wx.requestPayment` or `uni.requestPayment` gives. */
export class RequestPaymentError extends Error {
  constructor(reason: string) {
    super(`requestPayment:fail ${reason}`)
  }
}

/** Fen as yuan with two decimals, as text. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** The fen in a text of yuan that has at most two decimals. */
export function fenIn(text: string): number {
  const [whole = '', cents = ''] = text.split('.')
  return Number(`${whole}${cents.padEnd(2, '0')}`)
}
