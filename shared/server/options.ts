import type { Clock } from '../clock.js'
import type { Store } from '../store/port.js'
import type { TrustProxy } from './request.js'

/** An event of an order or a refund, as `functions` get it; the types stand in the README. The same one may come twice. */
export interface MerchantEvent {
  id: string
  type: string
  /** ISO 8601. */
  timestamp: string
  data: Readonly<Record<string, unknown>>
}

export interface OpenapiOptions {
  /** Where everything is kept: `openMongoStore(uri)`, `openEmbeddedStore(folder)`. Without one, what `MONGODB_URI` names. */
  store?: Store | Promise<Store>
  /** The settings by their names; the process environment unless said otherwise. */
  settings?: Readonly<Record<string, string | undefined>>
  /** Below which path the functions lie, such as `/openapi`; all paths unless said otherwise. */
  basePath?: string
  /** How many proxies of one's own stand in front; none unless said otherwise, and `true` is one. */
  trustProxy?: TrustProxy
  /** Whether the schedules run in this process too. Of many processes over one store one runs each. Off unless said otherwise. */
  timers?: boolean
  /** What `EVENT_TARGET=function:<name>` calls, by name. What it answers or throws decides whether an event was taken. */
  functions?: Readonly<Record<string, (event: MerchantEvent) => unknown>>
  /** Receives the log, one JSON text a line; standard output unless said otherwise. */
  log?: (line: string) => void
  clock?: Clock
}
