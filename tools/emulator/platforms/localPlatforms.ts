import type { Clock, Random } from '../../../shared/clock.js'
import type { LocalApp, LocalMerchant } from './account.js'
import type { AlipayControls, AlipayOptions } from './alipay/index.js'
import type { MerchantFiles } from './certificates/index.js'
import type { Received } from './contract.js'
import type { Delivery } from './deliveries/notice.js'
import type { Faults } from './faults.js'
import type {
  FinishedRefund,
  OrderInfo,
  Payment,
  PayOptions,
  ProviderName,
  RefundOutcome,
} from './payment.js'
import type { WeixinPhoneNumber } from './weixin/phoneCodes.js'
import type { MessagePush } from './weixin/push/push.js'
import type { Verification } from './weixin-pay-v3/index.js'

export interface LocalPlatformsOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** For TLS; 0, the default, takes a free one. */
  securePort?: number
  /** A loopback name. */
  host?: string
  clock?: Clock
  random?: Random
  /** Of its payments and refunds, 1 by default: platforms give no number twice, so several twins start apart. */
  firstNumber?: number
  app?: Partial<LocalApp>
  merchant?: Partial<LocalMerchant>
  /** Whose settings `settings()` gives when nothing else is asked for; `weixin-v2` by default. */
  provider?: ProviderName
  /** What the merchant verifies WeChat Pay V3 with; `public-key`, which new merchants get, by default. */
  verification?: Verification
  /** What the application has agreed with Alipay. */
  alipay?: AlipayOptions
  /** Milliseconds of real time a merchant has to answer a notice; 5,000 by default. */
  noticeTimeoutMs?: number
  log?: (line: string) => void
}

/** The local WeChat, WeChat Pay and Alipay: what goes in, what happened, and what can be made to happen. */
export interface LocalPlatforms {
  readonly url: string
  /** The same over TLS, where a merchant can show its certificate. */
  readonly secureUrl: string
  readonly port: number
  readonly app: LocalApp
  readonly merchant: LocalMerchant
  /** Keys and certificates that the merchant's console hands out; each is made at the first look. */
  readonly files: MerchantFiles
  /** Setting names and values for a deployment that shall talk to these local platforms, under these payment systems. */
  settings(...providers: ProviderName[]): Record<string, string>
  readonly faults: Faults
  /** Everything that was received, the oldest first; controls are not among it. */
  readonly requests: readonly Received[]
  readonly deliveries: readonly Delivery[]
  /** What is Alipay's alone: its application, users, cashier and certificates. */
  readonly alipay: AlipayControls
  /** The stable openid of that user in WeChat, who has used the app from now on. */
  openid(name: string): string
  /** A fresh code for one login of that user, as `wx.login` gives it. */
  login(name: string): string
  /** What the phone number button of that user in WeChat gives to a page: a code, and the same encrypted. */
  phoneNumber(name: string): WeixinPhoneNumber
  /** Kills one access token, or all; with `stillIssued` the stable endpoint hands the dead one out until forced. */
  revokeToken(token?: string, options?: { stillIssued?: boolean }): void
  /** Pushes a message of WeChat's to a deployment's `messageNotify`, in any mode and format. */
  push: MessagePush['push']
  /** Setting names and values for a deployment that shall understand encrypted pushes. */
  pushSettings: MessagePush['settings']
  /** What the console does before it accepts an address for pushes. */
  checkPushAddress: MessagePush['checkAddress']
  /** What `uni.requestPayment` does: checks what is signed, pays, has the notice sent. Rejects with RequestPaymentError. */
  requestPayment(orderInfo: OrderInfo, options?: PayOptions): Promise<Payment>
  /** Pays by `prepay_id`, Alipay's `trade_no` or `out_trade_no`, without client parameters. */
  pay(order: string, options?: PayOptions): Promise<Payment>
  /**
   * Ends a refund now, and not by itself two seconds after it was asked for; Alipay's, most of which are done at once,
   * is told of. Rejects when it has ended otherwise.
   */
  finishRefund(outRefundNo: string, outcome?: RefundOutcome): Promise<FinishedRefund>
  /** PEM of what verifies V3's answers and notices now, by the serial they name. */
  platformKeys(): Record<string, string>
  /** A new V3 platform certificate signs from now on; those before it stay valid. Answers its serial. */
  rotateCertificate(): string
  /** Sends the notices of an order or a refund again, `times` copies at the same moment, outside their schedule. */
  redeliver(number: string, times?: number): Promise<Delivery[]>
  /** Ends every refund and sends every notice that is due by the clock, and waits until that is done. */
  tick(): Promise<void>
  state(): Record<string, unknown>
  close(): Promise<void>
}
