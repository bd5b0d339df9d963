import type { SettingName, Settings } from '../config/index.js'
import type { Diagnosis, Refusal } from '../diagnosis/causes.js'
import { invalidParam } from '../errors/index.js'
import type { Fen } from '../money.js'
import type { Context, HttpCall, HttpReply } from '../operation/index.js'
import type { RefundGoods, SessionRecord } from '../store/port.js'
import type { Bill, BillFileRequest, BillRequest, FundflowRequest, RawBill } from './billRequests.js'
import type { AskedOfOrder, NoticeReading, PaymentFacts, RefundFacts } from './facts.js'
import type { Extra, ExtraRule } from './parameters/extra.js'
import type { OrderParameters } from './parameters/orderParameters.js'

export type { Refusal } from '../diagnosis/causes.js'
export type * from './billRequests.js'
export * from './facts.js'

export const providerIds = ['weixin-v2', 'weixin-v3', 'alipay'] as const

export type ProviderId = (typeof providerIds)[number]

/** Where the payer is: a mini program, an app, in front of a code to scan, or a web page outside the wallet. */
export type Scene = 'mini' | 'app' | 'native' | 'h5'

/**
 * What a provider works with; a {@link Context} is one, the library makes its own. `store`, where there is one, keeps
 * what has to be known beyond one call: certificates.
 */
export type ProviderDependencies = Pick<Context, 'http' | 'clock' | 'random' | 'timeLeft' | 'upstream'> &
  Partial<Pick<Context, 'store' | 'hasStore'>>

/** What a text has to be like; `like` completes "expected ...". */
interface Limit {
  pattern: RegExp
  like: string
}

/** What a provider takes of fields that others take more of. */
export type Limits = Readonly<
  Record<'outTradeNo' | 'refundDesc', Limit> &
    Partial<Record<'limitPay' | 'detail' | 'subject' | 'body' | 'deviceInfo', Limit>>
>

/** What a server's `extra` leaves alone in a provider's requests. */
export type ExtraRules = Readonly<Record<'order' | 'refund', ExtraRule>>

/** What is known of a payment system before it is needed. Small: it loads with every payment function. */
export interface ProviderEntry {
  /** All settings it may read. */
  settings: readonly SettingName[]
  /** Whose logins its payers have. */
  family: SessionRecord['provider']
  /** Its own form of 'received' and 'come again'. The second is the same for every reason. */
  replies: NoticeReplies
  isConfigured(settings: Settings): Promise<boolean>
  /** The ids of all merchants in the settings that can be opened. */
  merchantIds(settings: Settings): Promise<string[]>
  /**
   * The provider for one merchant, the first one where none is named; undefined when that merchant is not in the
   * settings. MISSING_SETTING when there is no merchant at all. This loads the provider's code.
   */
  open(
    settings: Settings,
    dependencies: ProviderDependencies,
    merchantId?: string,
  ): Promise<PaymentProvider | undefined>
}

/**
 * One merchant account at one payment system. Amounts are fen, times milliseconds since the epoch unless a name
 * says otherwise. Every answer was authenticated before it is given out; methods reject with `OpenapiError`, whose
 * `outcome` is `unknown` whenever the provider may have acted. No method touches orders or notices.
 */
export interface PaymentProvider {
  readonly id: ProviderId
  /** WeChat: the merchant id. Alipay: the app id, which is what its keys belong to. */
  readonly merchantId: string
  /**
   * The app under which such a payer pays, any app where the scene is not known yet: `preferredApp` when it is one of this
   * merchant's for that scene, else the first. MISSING_SETTING when there is none, INVALID_PARAM when the provider
   * does not know the scene.
   */
  appIdFor(scene?: Scene, preferredApp?: string): string
  /**
   * Where users pay who logged in with a code: a code comes from a mini program, with Alipay also from an app. Several
   * where the settings do not tell, the usual one first.
   */
  readonly loginScenes: readonly Scene[]
  /** Makes the order at the provider, if that is needed, and answers what `uni.requestPayment` takes. */
  getOrderInfo(request: OrderRequest): Promise<OrderInfo>
  /** Undefined when the provider, authentically, knows no such order: app orders nobody opened, for example. */
  orderQuery(query: OrderQuery): Promise<QueryAnswer | undefined>
  /**
   * Decides whether a call comes from the provider, and reads it. Never rejects over what the call contains. `at`: when
   * it came, in milliseconds; now if left out.
   */
  readNotice(call: HttpCall, at?: number): Promise<NoticeReading>
  /** Why a call was refused, as far as it can be found out; never for its sender. Costs far more than refusing it did. */
  explain(call: HttpCall, reason: Refusal, at?: number): Promise<Diagnosis | undefined>

  /** Whether an order handed to an app only comes to be when its payer opens the cashier: it cannot be closed before. */
  readonly beginsAtCashier?: true
  /** These are absent where the provider does not offer them. */
  closeOrder?(query: OrderQuery): Promise<ClosedFacts>
  cancelOrder?(query: OrderQuery): Promise<CancelledFacts>
  refund?(request: RefundRequest): Promise<RefundFacts>
  /** Whether `refundQuery` answers all refunds of an order; else it has to be asked about each by its number. */
  readonly listsRefunds?: true
  /** Whether a refund that it does not know may be one that failed, and even one that can still succeed. */
  readonly forgetsFailedRefunds?: true
  refundQuery?(query: RefundQuery): Promise<RefundQueryAnswer | undefined>
  downloadBill?(request: BillRequest): Promise<Bill>
  downloadFundflow?(request: FundflowRequest): Promise<Bill>
  /**
   * The same bills as files, for who reads them piece by piece. Undefined when the provider, asked when the bill has to
   * be there, has none: nothing happened on that day.
   */
  fetchBill?(request: BillFileRequest): Promise<RawBill | undefined>
  /** Single values that WeChat Pay alone shall read, for calls made elsewhere: no operation here carries any. */
  encryptSensitive?<Name extends string>(
    values: Readonly<Record<Name, string>>,
  ): Promise<EncryptedValues<Name>>
  /** The other way: what WeChat Pay encrypted for the merchant. */
  decryptSensitive?<Name extends string>(
    values: Readonly<Record<Name, string>>,
  ): Promise<Record<Name, string>>
}

export interface EncryptedValues<Name extends string = string> {
  /** Of the key that opens them. */
  serial: string
  /** Base64. */
  encrypted: Record<Name, string>
}

export interface OrderRequest {
  scene: Scene
  /** As {@link PaymentProvider.appIdFor} gave it. */
  appId: string
  outTradeNo: string
  totalFee: Fen
  /** ISO 4217. */
  currency: string
  /** Shown to the payer. */
  body: string
  /** Required where the scene is `mini`. */
  openid?: string
  attach?: string
  /** Milliseconds since the epoch. */
  expiresAt?: number
  /** Absolute, without a query string. */
  notifyUrl: string
  payerIp: string
  /** Only those that the provider has: `checkOrder` was asked. */
  parameters?: OrderParameters
  /** Checked against the provider's rule. */
  extra?: Extra
}

/** Who pays in a mini program. INVALID_PARAM where nobody is named. */
export function payerOf({ openid }: OrderRequest): string {
  if (openid !== undefined) return openid
  throw invalidParam('openid', 'required, the one who pays in the mini program; authCode2Session answers it')
}

/** WeChat: the client's named parameters. Alipay: the trade number (mini program) or the order string (app). */
export type OrderInfo = Readonly<Record<string, string>> | string

/** One of the two numbers; `transactionId` wins when both are given. */
export interface OrderQuery {
  outTradeNo?: string
  transactionId?: string
  /** The app the order was made under, where that is known. */
  appId?: string
  /** Alipay's: names of further fields to answer. */
  queryOptions?: string[]
}

/** Facts with the bytes that state them, kept as evidence. */
export interface QueryAnswer {
  facts: PaymentFacts
  raw: Buffer
  asked?: AskedOfOrder
  /** Alipay: who was paid, where the answer says so and the settings do not. */
  sellerId?: string
}

export interface ClosedFacts {
  appId?: string
  mchId?: string
  outTradeNo?: string
  transactionId?: string
}

export interface CancelledFacts extends ClosedFacts {
  /** Alipay's cancel: whether it closed the order or gave the money back. */
  action?: 'close' | 'refund'
}

export interface RefundRequest {
  appId?: string
  outTradeNo?: string
  transactionId?: string
  outRefundNo: string
  totalFee: Fen
  refundFee: Fen
  currency: string
  refundDesc?: string
  notifyUrl?: string
  /** WeChat Pay's: out of which of the merchant's accounts, in V2's words or V3's. */
  refundAccount?: string
  goodsDetail?: RefundGoods[]
  /** Alipay's. */
  storeId?: string
  queryOptions?: string[]
  /** Checked against the provider's rule. */
  extra?: Extra
}

export interface RefundQuery extends OrderQuery {
  outRefundNo?: string
  refundId?: string
  offset?: number
}

export interface RefundQueryAnswer {
  outTradeNo?: string
  transactionId?: string
  totalFee?: Fen
  /** How many there are in all, where the answer is a part of them (`offset`). */
  totalRefundCount?: number
  refunds: RefundFacts[]
  raw: Buffer
}

/** How a provider is told that its notice arrived, or that it must come again. */
export interface NoticeReplies {
  accepted: HttpReply
  refused: HttpReply
}
