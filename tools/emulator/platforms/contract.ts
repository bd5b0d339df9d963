import type { Clock, Random } from '../../../shared/clock.js'
import type { LocalApp, LocalMerchant } from './account.js'
import type { MerchantFiles } from './certificates/index.js'
import type { Deliveries } from './deliveries/deliveries.js'
import type { Fault, FaultTarget } from './faults.js'
import type { Schedule } from './schedule.js'
import type { WeixinUsers } from './users.js'

/** A request as it arrived. Header names are lower-case; of a repeated query parameter the first one counts. */
export interface Received {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** Scheme and host as the caller wrote them. */
  readonly origin: string
  /** Path and query, byte for byte: what V3 signs. */
  readonly target: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The `{name}` segments of the API's path, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** The common name in the caller's TLS certificate, when it has one of our authority. */
  readonly certified?: string
  /** The API it reached, when there is one. */
  readonly api?: string
  readonly fault?: Fault
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer | string
}

/** One endpoint of one platform. Method and body are its own matter: each platform refuses in its own language. */
export interface Api extends FaultTarget {
  /** Segments written `{name}` stand for any one segment, `*` alone for every path that `serves` says yes to. */
  readonly path: string
  /** Where several APIs share a path: whether this request means this one. The first that says so gets it. */
  serves?(request: Received): boolean
  answer(request: Received, fault: Fault | undefined): HttpAnswer | Promise<HttpAnswer>
}

/** A JSON control under `/twin/`, for whoever is not in this process. Errors thrown become status 400. */
export type Control = (input: Readonly<Record<string, unknown>>) => unknown

/** What every platform stands on. */
export interface PlatformContext {
  readonly clock: Clock
  readonly random: Random
  /** Of its payments and refunds; they count from here. */
  readonly firstNumber: number
  readonly app: LocalApp
  readonly merchant: LocalMerchant
  readonly files: MerchantFiles
  readonly weixinUsers: WeixinUsers
  readonly deliveries: Deliveries
  readonly schedule: Schedule
}

/** Where the local platforms are reached. */
interface Addresses {
  readonly url: string
  /** The same over TLS, under a certificate of {@link MerchantFiles.authority}. */
  readonly secureUrl: string
}

/** One provider: its endpoints, what a deployment needs to reach them, and what can be seen and done from outside. */
export interface Platform {
  readonly name: string
  readonly apis: readonly Api[]
  /** Further things that faults can aim at, such as notices. */
  readonly targets?: readonly FaultTarget[]
  /** Setting names and values for a deployment that shall talk to these local platforms. */
  settings(addresses: Addresses): Record<string, string>
  state(): Record<string, unknown>
}
