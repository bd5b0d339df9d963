import type { Clock, Random } from '../../shared/clock/index.js'
import type { Deliveries } from './deliveries.js'
import type { Fault, FaultTarget } from './faults.js'
import type { Delivery } from './notice.js'
import type { People } from './people.js'

/** A request as it arrived. Header names are lower-case; of a repeated query parameter the first one counts. */
export interface Received {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** The API it reached, when there is one. */
  readonly api?: string
  readonly fault?: Fault
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer | string
}

/** One endpoint of one platform. Method and body are its own matter: each platform refuses in its own language. */
export interface Api extends FaultTarget {
  readonly path: string
  answer(request: Received, fault: Fault | undefined): Answer
}

/** A JSON control under `/twin/`, for whoever is not in this process. Errors thrown become status 400. */
export type Control = (input: Readonly<Record<string, unknown>>) => unknown

/** What every platform stands on. */
export interface World {
  readonly clock: Clock
  readonly random: Random
  readonly app: TwinApp
  readonly merchant: TwinMerchant
  readonly people: People
  readonly deliveries: Deliveries
}

/** One provider: its endpoints, what a deployment needs to reach them, and what can be seen and done from outside. */
export interface Platform {
  readonly name: string
  readonly apis: readonly Api[]
  /** Further things that faults can aim at, such as notices. */
  readonly targets?: readonly FaultTarget[]
  /** Setting names and values for a deployment that shall talk to this twin. */
  settings(url: string): Record<string, string>
  state(): Record<string, unknown>
}

/** A platform where users pay. */
export interface PaymentPlatform extends Platform {
  /** Pays without a phone; undefined when the order is not of this platform. */
  pay(order: string, options: PayOptions): Promise<Payment> | undefined
  /** What the phone does; undefined when the order is not of this platform. */
  requestPayment(orderInfo: OrderInfo, options: PayOptions): Promise<Payment> | undefined
}

/** The client parameters as the merchant's server handed them out. */
export type OrderInfo = Readonly<Record<string, unknown>>

export interface PayOptions {
  /** Who pays; by default the one the order was made for. */
  openid?: string
  /** Fen paid by a coupon; the user's own part is that much smaller. */
  couponFee?: number
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

export interface TwinApp {
  /** The mini program. */
  appId: string
  secret: string
  /** The mobile app of the same owner. */
  openAppId: string
  /** The pages of the released version; absent: every page exists. */
  pages?: readonly string[]
}

export interface TwinMerchant {
  mchId: string
  /** The API key of V2: 32 letters and digits. */
  key: string
}

/** The phone refused to pay; `message` is the `errMsg` that `wx.requestPayment` gives. */
export class RequestPaymentError extends Error {
  constructor(reason: string) {
    super(`requestPayment:fail ${reason}`)
  }
}
