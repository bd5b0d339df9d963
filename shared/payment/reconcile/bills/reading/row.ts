/** What a row of a trade bill says, whichever provider wrote it. A text that is not there is empty. */
export interface TradeRow {
  kind: 'payment' | 'refund' | 'revoked' | 'other'
  /** In its file, from 1. */
  line: number
  /** `yyyy-MM-dd HH:mm:ss` in Beijing: when it was paid; of a refund when it was accepted, with Alipay when it was done. */
  time: string
  /** WeChat only, as are the next two. */
  appId: string
  mchId: string
  /** ISO 4217. */
  currency: string
  /** The provider's number of the payment, in the row of a refund too. */
  transactionId: string
  outTradeNo: string
  outRefundNo: string
  refundId: string
  /** The provider's word: of a payment WeChat's trade state, of a refund its state when the bill was made. */
  status: string
  /** Fen, never negative: as ordered, or as the refund was asked for. The one to compare with an order. */
  amount: number
  /** Fen, negative when it leaves: what the merchant gets of it, before the charge. */
  settled: number
  /** Whether a part of it came from coupons that somebody else pays for: how that money moves differs. */
  hasCoupon: boolean
  /** Thousandths of a fen that the provider keeps, negative when it gives them back. */
  charge: number
  /** WeChat only: such as `0.60%`. */
  rate: string
}

/** A movement on the merchant's account. */
export interface FlowRow {
  line: number
  /** `yyyy-MM-dd HH:mm:ss` in Beijing. */
  time: string
  /** The provider's number of what moved it: of the payment, the refund, the transfer. */
  businessNo: string
  /** The provider's number of the movement. */
  flowNo: string
  /** The provider's word for it, an open list. */
  type: string
  /** Fen, negative when it leaves. */
  moved: number
  /** The merchant's number, where the provider has one. */
  outNo: string
}

/** A sum that the bill states, and what its rows add up to, each in fen, thousandths of a fen for charges, or rows. */
export interface TotalDifference {
  caption: string
  stated: number
  found: number
}

/** A bill that was read to its end. */
export interface BillSummary {
  rows: number
  /** SHA-1 of the unpacked text, of an archive that of its tables; lower-case hex. */
  sha1: string
  /** Empty where the rows add up to what the bill says. */
  totals: TotalDifference[]
}

/** The rows of a bill, some at a time, then what there was of them. */
export type BillRows<Row> = AsyncGenerator<Row[], BillSummary>
