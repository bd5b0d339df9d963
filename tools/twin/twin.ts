import type { Clock, Random } from '../../shared/clock/index.js'
import type { OrderInfo, Payment, PayOptions, Received, TwinApp, TwinMerchant } from './contract.js'
import type { Faults } from './faults.js'
import type { Delivery } from './notice.js'

export interface TwinOptions {
  /** 0, the default, takes a free one. */
  port?: number
  /** A loopback name. */
  host?: string
  clock?: Clock
  random?: Random
  app?: Partial<TwinApp>
  merchant?: Partial<TwinMerchant>
  /** Milliseconds of real time a merchant has to answer a notice; 5,000 by default. */
  noticeTimeoutMs?: number
  log?: (line: string) => void
}

/** The local WeChat and WeChat Pay: what goes in, what happened, and what can be made to happen. */
export interface Twin {
  readonly url: string
  readonly port: number
  readonly app: TwinApp
  readonly merchant: TwinMerchant
  /** Setting names and values for a deployment that shall talk to this twin. */
  settings(): Record<string, string>
  readonly faults: Faults
  /** Everything that was received, the oldest first; controls are not among it. */
  readonly requests: readonly Received[]
  readonly deliveries: readonly Delivery[]
  /** The stable openid of that user, who has used the app from now on. */
  openid(name: string): string
  /** A fresh code for one login of that user, as `wx.login` gives it. */
  login(name: string): string
  /** Kills one access token, or all; with `stillIssued` the stable endpoint hands the dead one out until forced. */
  revokeToken(token?: string, options?: { stillIssued?: boolean }): void
  /** What `wx.requestPayment` does: checks `paySign`, pays, has the notice sent. Rejects with RequestPaymentError. */
  requestPayment(orderInfo: OrderInfo, options?: PayOptions): Promise<Payment>
  /** Pays by `prepay_id` or `out_trade_no`, without client parameters. */
  pay(order: string, options?: PayOptions): Promise<Payment>
  /** Sends the notices of an order again, `times` copies at the same moment, outside their schedule. */
  redeliver(outTradeNo: string, times?: number): Promise<Delivery[]>
  /** Sends every notice that is due by the clock, and waits until that is done. */
  tick(): Promise<void>
  state(): Record<string, unknown>
  close(): Promise<void>
}
