import type { Refusal } from '../diagnosis/causes.js'
import type { Fen } from '../money.js'
import type { RefundedCoupon, RefundState } from '../store/port.js'

export type { RefundedCoupon } from '../store/port.js'

export const weixinTradeStates = [
  'SUCCESS',
  'REFUND',
  'NOTPAY',
  'CLOSED',
  'REVOKED',
  'USERPAYING',
  'PAYERROR',
  'ACCEPT',
] as const

/** FINISHED is Alipay's: paid, and no longer refundable. */
export type TradeState = (typeof weixinTradeStates)[number] | 'FINISHED'

/**
 * What a provider states about a payment, in the names of the reference documents. Plain JSON: it is answered to
 * callers and put into events as it is.
 */
export interface PaymentFacts {
  appId: string
  /** WeChat only. */
  mchId?: string
  outTradeNo: string
  tradeState: TradeState
  tradeStateDesc?: string
  tradeType?: string
  /** Present once money moved, as is `totalFee`. */
  transactionId?: string
  totalFee?: Fen
  /** ISO 4217. */
  feeType: string
  cashFee?: Fen
  cashFeeType?: string
  settlementTotalFee?: Fen
  /** All that was given back so far. Only Alipay states it; its CLOSED, of an order that was paid, gave back the whole. */
  refundedFee?: Fen
  couponFee?: Fen
  couponCount?: number
  couponList?: CouponFacts[]
  openid?: string
  isSubscribe?: string
  bankType?: string
  deviceInfo?: string
  attach?: string
  /** `yyyyMMddHHmmss` in Beijing. */
  timeEnd?: string
}

/** What `queryOptions` asked Alipay for. Other fields stand beside these likewise: in camelCase, amounts in fen. */
export interface AskedOfOrder {
  /** Alipay, by `queryOptions`: how it was paid. */
  fundBillList?: FundBill[]
}

/** The same of a refund. */
export interface AskedOfRefund {
  /** Alipay, by `queryOptions`: where it went. */
  refundDetailItemList?: FundBill[]
  /** Fen: what really went back to the payer. */
  sendBackFee?: Fen
  /** Of a refund to a bank card. */
  depositBackInfo?: DepositBack
}

export interface FundBill {
  fundChannel: string
  bankCode?: string
  /** Fen, as is the next. */
  amount?: Fen
  realAmount?: Fen
}

export interface DepositBack {
  hasDepositBack?: string
  /** S: the bank has it. F: it came back. P: under way. */
  dbackStatus?: string
  /** Fen. */
  dbackAmount?: Fen
  bankAckTime?: string
  estBankReceiptTime?: string
}

export interface CouponFacts {
  couponId?: string
  couponType?: string
  couponFee?: Fen
}

export type PaidFacts = PaymentFacts & { transactionId: string; totalFee: Fen }

/** A refund needs a payment before it: REFUND and FINISHED say that the order was paid, as SUCCESS does. */
const PAID_STATES: ReadonlySet<TradeState> = new Set(['SUCCESS', 'REFUND', 'FINISHED'])

export const isPaidState = (state: TradeState): boolean => PAID_STATES.has(state)

/** Whether the facts state that the order was paid; what was given back was paid before. */
export const claimsPayment = ({ tradeState, refundedFee }: PaymentFacts): boolean =>
  isPaidState(tradeState) || refundedFee !== undefined

/** Whether the money was collected. Readers refuse messages that claim so without a number and an amount. */
export const isPaid = (facts: PaymentFacts): facts is PaidFacts =>
  claimsPayment(facts) && facts.transactionId !== undefined && facts.totalFee !== undefined

/** What a provider states about one refund; `state` is ours, `refundStatus` the provider's own. */
export interface RefundFacts {
  state: RefundState
  outTradeNo?: string
  transactionId?: string
  outRefundNo: string
  refundId?: string
  totalFee?: Fen
  refundFee?: Fen
  /** All that was refunded of the payment so far, this refund included. Only Alipay states it. */
  refundedFee?: Fen
  settlementTotalFee?: Fen
  settlementRefundFee?: Fen
  cashRefundFee?: Fen
  /** WeChat only, as are the next two. */
  couponRefundFee?: Fen
  couponRefundCount?: number
  couponList?: RefundedCoupon[]
  refundStatus?: string
  refundAccount?: string
  /** Misspelt by WeChat, and so by the documents. */
  refundRecvAccout?: string
  refundChannel?: string
  refundDesc?: string
  /** `yyyy-MM-dd HH:mm:ss` in Beijing. */
  successTime?: string
  /** Alipay only. */
  refundRoyaltys?: RoyaltyFacts[]
  asked?: AskedOfRefund
}

/** A share of the payment that somebody else had got and gave back. */
export interface RoyaltyFacts {
  refundAmount?: Fen
  royaltyType?: string
  resultCode?: string
  transOut?: string
  transOutEmail?: string
  transIn?: string
  transInEmail?: string
}

/** What an authentic notice states. Alipay's may state a payment and a refund of it at once. */
export interface Notice {
  payment?: PaymentFacts
  refund?: RefundFacts
  /** WeChat V2's refund notices carry no signature: ask `refundQuery` before anything moves. */
  refundNeedsQuery?: true
  /** In what it contradicts itself: then nothing of it may count, and a person has to look. */
  contradiction?: string
  /** Alipay: who was paid, where the settings do not say it. */
  sellerId?: string
}

export type NoticeReading =
  | { authentic: true; notice: Notice }
  | { authentic: false; reason: Refusal; detail?: string }

/** The reading of a call that is no notice of the provider's. `detail` is for the log. */
export const notAuthentic = (reason: Refusal, detail?: string): NoticeReading => ({
  authentic: false,
  reason,
  ...(detail === undefined ? {} : { detail }),
})
