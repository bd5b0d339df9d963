import type { Fen } from '../money.js'
import type { PendingEvent } from './eventPort.js'

/**
 * What is kept of payments: orders, the notices of providers, and the events that wait inside both. The rules of
 * `port.ts` hold here as well.
 */

export type OrderState = 'CREATED' | 'PAYING' | 'PAID' | 'PARTIALLY_REFUNDED' | 'REFUNDED' | 'CLOSED'

export type RefundState = 'REQUESTED' | 'PROCESSING' | 'SUCCEEDED' | 'CLOSED' | 'ABNORMAL' | 'UNKNOWN'

/** What of a refund goes back to a coupon. */
export interface RefundedCoupon {
  couponRefundId?: string
  couponType?: string
  couponRefundFee?: Fen
}

/** What of an order's goods is given back; amounts in fen. */
export interface RefundGoods {
  goodsId: string
  wxpayGoodsId?: string | undefined
  goodsName?: string | undefined
  price: number
  refundAmount: number
  refundQuantity: number
}

export interface RefundEntry {
  outRefundNo: string
  refundFee: Fen
  state: RefundState
  /**
   * How often the provider was asked while nothing was certain: only a single request that was refused did nothing.
   * 0: asked for elsewhere, in the merchant's console for example, or the provider says that it is not done.
   */
  attempts: number
  /** When the provider was first known to have it. */
  acceptedAt?: number
  /** What is sent again when the request is repeated, since it has to be the same. */
  refundDesc?: string
  notifyUrl?: string
  refundAccount?: string
  goodsDetail?: RefundGoods[]
  storeId?: string
  queryOptions?: string[]
  /** JSON text of a server's own fields for the provider. */
  extra?: string
  refundId?: string
  cashRefundFee?: Fen
  /** WeChat Pay only, as are the next two: what of it goes back to coupons. */
  couponRefundFee?: Fen
  couponRefundCount?: number
  couponList?: RefundedCoupon[]
  /** `yyyy-MM-dd HH:mm:ss` in Beijing, as the provider said. */
  successTime?: string
  requestedAt: number
  updatedAt: number
}

/** One change of an order's state. */
export interface OrderHistory {
  at: number
  from: OrderState | null
  to: OrderState
  by: string
  /** The id of the notice record that keeps the message which caused it; absent where no message did. */
  evidence?: string
  /** The record was applied before, and the order did not show it any more: the order was older than the record. */
  repair?: true
}

export interface OrderRecord {
  outTradeNo: string
  provider: string
  merchantId: string
  appId: string
  /** Who may pay it; absent when a pay token stands in for the login (apps). */
  openid?: string
  payTokenHash?: string
  totalFee: Fen
  currency: string
  /** Shown to the payer. */
  body: string
  attach?: string
  /** JSON text of what else its provider is sent (`OrderParameters`): a repeat has to be the same in everything. */
  parameters?: string
  /** JSON text of a server's own fields for the provider, likewise. */
  extra?: string
  /** The payer's address as it was sent first, or as the server gave it. */
  payerIp?: string
  /** Where the notice of its payment goes, if that is not the usual address. */
  notifyUrl?: string
  state: OrderState
  transactionId?: string
  /** What was really collected, in fen; smaller than `totalFee` when coupons were used. */
  cashFee?: Fen
  /** Who paid, as the provider said. */
  payerOpenid?: string
  /** `yyyyMMddHHmmss` in Beijing, as the provider said. */
  timeEnd?: string
  createdAt: number
  updatedAt: number
  /** Unpaid after this moment, the provider refuses the payment. */
  expiresAt?: number
  /** When the provider is to be asked how the order stands; absent where nothing is left to ask. */
  nextQueryAt?: number
  /** When that was written: see `planned` of {@link EventStore}. */
  plannedAt?: number
  /** How often that was done since the order last began to wait. */
  queries?: number
  /** When the provider was asked last. */
  queriedAt?: number
  history: OrderHistory[]
  refunds: RefundEntry[]
  events: PendingEvent[]
  /** Counts the writes; every change is conditional on it. */
  rev: number
}

export interface OrderStore {
  /** False when `outTradeNo` is taken (within the same provider and merchant). */
  create(order: OrderRecord): Promise<boolean>
  find(key: OrderKey): Promise<OrderRecord | undefined>
  findByTransaction(provider: string, transactionId: string): Promise<OrderRecord | undefined>
  /** Orders of this merchant whose `nextQueryAt` has come at `now`, those that wait longest first. */
  waiting(
    account: Pick<OrderKey, 'provider' | 'merchantId'>,
    now: number,
    limit: number,
  ): Promise<OrderRecord[]>
  /** Every order of that number, whichever provider and merchant it belongs to. */
  findByOutTradeNo(outTradeNo: string): Promise<OrderRecord[]>
  /**
   * Orders of an account that were paid at the moment of this number or later, in that order: `paidKey` and `keyFrom` of
   * `payments.ts` make the numbers. Those at the number itself are among them, so that a page loses none.
   */
  paidFrom(account: Omit<OrderKey, 'outTradeNo'>, key: number, limit: number): Promise<OrderRecord[]>
  /** The same by `refundKey`: the latest refund that was asked for here. */
  refundedFrom(account: Omit<OrderKey, 'outTradeNo'>, key: number, limit: number): Promise<OrderRecord[]>
  /**
   * Replaces the order if it still has `order.rev`; the stored copy gets `rev + 1`. False: somebody else was
   * faster, read again. State, history, refunds and events travel together in this one write. Rejects with
   * `TRANSACTION_TAKEN` when another order of this provider has the transaction already.
   */
  replace(order: OrderRecord): Promise<boolean>
}

export interface OrderKey {
  provider: string
  merchantId: string
  outTradeNo: string
}

export interface NoticeRecord {
  /** `provider:merchantId:` and what makes the notice unique for that provider. */
  id: string
  provider: string
  merchantId: string
  /** `bill`: what a comparison with a bill found, which is about no message. */
  kind: 'payment' | 'refund' | 'message' | 'bill'
  /** Only an applied notice is a duplicate; a received one is applied again. */
  status: 'received' | 'applied'
  verdict?: 'applied' | 'nothing' | 'contradiction' | 'unmatched'
  /** Empty where it is about no order. */
  outTradeNo: string
  /** JSON text of what it says, where somebody will ask for it. */
  said?: string
  outRefundNo?: string
  /** When the provider is to be asked whether it is true; absent where nothing is left to ask. */
  confirmAt?: number
  /** When that was written: see `planned` of {@link EventStore}. */
  plannedAt?: number
  /** How often that was done. */
  confirms?: number
  /** The bytes as they arrived, base64 (sealed with EVIDENCE_KEY when set). */
  evidence: string
  receivedAt: number
  appliedAt?: number
  events: PendingEvent[]
  rev: number
}

export interface NoticeStore {
  /** Stores a notice as `received`; when the id is known already, changes nothing and answers the stored one. */
  receive(notice: NoticeRecord): Promise<NoticeRecord>
  find(id: string): Promise<NoticeRecord | undefined>
  /** As {@link OrderStore.replace}. */
  replace(notice: NoticeRecord): Promise<boolean>
  /** Notices whose `confirmAt` has come at `now`, the oldest first. */
  unconfirmed(now: number, limit: number): Promise<NoticeRecord[]>
  /**
   * Keeps a refused message for later inspection. The room is bounded (`slot` is overwritten), so that a flood of
   * forgeries cannot fill the database.
   */
  keepRefused(refused: {
    slot: number
    provider: string
    reason: string
    evidence: string
    at: number
  }): Promise<void>
}

export interface DueEvent {
  event: PendingEvent
  source: { kind: 'order'; record: OrderRecord } | { kind: 'notice'; record: NoticeRecord }
}

export interface EventStore {
  /**
   * Events due at `now` in orders and notices, oldest first, at most `limit` documents. Of each document the first that
   * waits: what comes after it waits for it.
   */
  due(now: number, limit: number): Promise<DueEvent[]>
  /**
   * Orders and notices in which something waits for a time that was written after `at`. If that lies in the future, the
   * clock was wrong then, and so are the times.
   */
  planned(at: number, limit: number): Promise<DueEvent['source'][]>
}
