import type { Clock, Random } from '../clock.js'
import type { Settings } from '../config/index.js'
import type { Http } from '../http/http.js'
import type { SessionRecord, Store } from '../store/port.js'

/** Who calls. `client` is an end user's device, `server` the merchant's own code, `http` a provider, `timer` the cloud. */
export type Source = 'client' | 'server' | 'http' | 'timer'

/** A call by URL. `rawBody` is what arrived on the wire, base64 undone; nothing has parsed it. */
export interface HttpCall {
  method: string
  /** Decoded path below the function's own path where the cloud cuts that off, else the whole path. */
  path: string
  /** Lower-case names. */
  headers: Record<string, string>
  query: Record<string, string>
  rawBody: Buffer
  /** There was a body, but something had made an object of it: its bytes are lost, and `rawBody` is empty. */
  isBodyParsed?: true
}

/** What an operation answers to a URL call when it speaks a provider's own language. */
export interface HttpReply {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}

/** What the platform tells of a client. The caller wrote all of it: it may choose with it, and proves nothing by it. */
export interface ClientInfo {
  platform?: string
  appId?: string
  ip?: string
}

/** Why a message did not verify and what to change, as far as that is known. Never shown to whoever sent it. */
export interface LoggedDiagnosis {
  finding: string
  remedy: string
}

export interface UpstreamCall extends Partial<LoggedDiagnosis> {
  api: string
  ms: number
  code: number | string
}

/** Everything an operation may use. Nothing else is read: no environment, no global time, no randomness. */
export interface Context {
  readonly source: Source
  readonly settings: Settings
  /** Opened at the first call; the same one afterwards. */
  store(): Promise<Store>
  /** Whether a store is there at all; the library works without one. */
  readonly hasStore: boolean
  readonly http: Http
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds until an answer must be ready. */
  timeLeft(): number
  /** The logged-in client; absent for servers, timers and providers. */
  readonly session?: SessionRecord
  readonly client?: ClientInfo
  readonly httpCall?: HttpCall
  /** The application a server's call names, where there are several. */
  readonly appId?: string
  /** A token the library's caller brought along; it wins over everything kept or fetched. */
  readonly accessToken?: string
  readonly requestId: string
  /** Adds an event to the log line of this invocation; `fields` are masked. */
  note(event: string, fields?: Record<string, unknown>): void
  /** Adds a call to a provider to the log line of this invocation. */
  upstream(call: UpstreamCall): void
  /** Calls another cloud function of the same deployment; absent where the platform cannot. */
  readonly callFunction?: (name: string, data: object) => Promise<unknown>
}
