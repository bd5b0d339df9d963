import type { ListStore } from './lists/port.js'
import type { EventStore, NoticeStore, OrderStore } from './paymentPort.js'
import type { ReportStore } from './reports.js'
import type { UpkeepStore } from './upkeep/port.js'

export type * from './eventPort.js'
export type * from './lists/port.js'
export type * from './paymentPort.js'
export type {
  BillReport,
  Difference,
  DifferenceType,
  ReportState,
  ReportStore,
  StoredDifference,
} from './reports.js'

/**
 * What the project keeps, by name. Every method is one atomic step on one document, or says that it is not.
 * Times are milliseconds since the epoch, passed in by the caller: the store has no clock of its own.
 * A method that cannot reach the database rejects with `STORE_UNAVAILABLE` and has changed nothing, unless the
 * connection broke after the write had left: whoever repeats must read again first. An optional field that is
 * `undefined` or missing in what is written is absent from what is read.
 */
export interface Store {
  readonly tokens: TokenStore
  readonly sessions: SessionStore
  readonly counters: CounterStore
  readonly codes: CodeStore
  readonly orders: OrderStore
  readonly notices: NoticeStore
  readonly events: EventStore
  readonly lists: ListStore
  readonly certificates: CertificateStore
  readonly reports: ReportStore
  readonly accounts: AccountStore
  readonly upkeep: UpkeepStore
  readonly timers: TimerStore
  /** Whether the database takes a text of 24 hexadecimal or decimal digits for an id of its own, and may change it. */
  readonly takesTextsForIds?: boolean
  close(): Promise<void>
}

/** An access token as it is kept. `key` is `provider:appId[:mode]`; no secret is ever part of it. */
export interface TokenRecord {
  key: string
  token: string
  /** When the provider stops accepting it. */
  expiresAt: number
  /** When it was fetched. What keeps an older token from replacing a newer one is the lease, not this: clocks differ. */
  fetchedAt: number
}

/** A token as those see it who wait for one: `leaseUntil` is 0 when nobody is fetching. */
export interface TokenView {
  record?: TokenRecord
  leaseUntil: number
}

export interface TokenStore {
  read(key: string): Promise<TokenRecord | undefined>
  /** The token together with the end of the running lease, in one read. */
  view(key: string): Promise<TokenView>
  /** Takes the right to fetch until `until`, unless somebody else's lease still runs at `now`. */
  acquire(key: string, owner: string, now: number, until: number): Promise<boolean>
  /** Writes the token only while `owner` still holds an unexpired lease at `now`, and gives the lease up. False: lost. */
  write(record: TokenRecord, owner: string, now: number): Promise<boolean>
  /** Gives the lease up without a token. */
  release(key: string, owner: string): Promise<void>
  /**
   * Takes one forced fetch from the budget (WeChat: 20 a day, 30 s apart). False when `minGapMs` has not passed
   * since the last one or `perDay` were taken since `dayStart`.
   */
  takeForced(
    key: string,
    now: number,
    limits: { minGapMs: number; perDay: number; dayStart: number },
  ): Promise<boolean>
}

/** A logged-in client. Kept under the hash of its `sessionToken`, so that a leaked database logs nobody in. */
export interface SessionRecord {
  tokenHash: string
  provider: 'weixin' | 'alipay'
  appId: string
  openid: string
  unionid?: string
  /** WeChat's `session_key`. Never leaves the server. */
  sessionKey?: string
  createdAt: number
  expiresAt: number
}

export interface SessionStore {
  put(session: SessionRecord): Promise<void>
  /** The session, if it has not expired at `now`. */
  find(tokenHash: string, now: number): Promise<SessionRecord | undefined>
  remove(tokenHash: string): Promise<void>
}

export interface CounterStore {
  /**
   * Counts one more use of `key` in the window that ends at `windowEnd`; answers the count including this one.
   * Two steps: uses in the same instant may be counted into each other's answer, none is ever left out.
   */
  hit(key: string, windowEnd: number): Promise<number>
  /** Takes one use back that was counted before. */
  takeBack(key: string, windowEnd: number): Promise<void>
}

/** A mini-program code that was made before for the same input. */
export interface CodeRecord {
  key: string
  contentType: string
  base64: string
  expiresAt: number
}

export interface CodeStore {
  find(key: string, now: number): Promise<CodeRecord | undefined>
  put(code: CodeRecord): Promise<void>
}

export interface CertificateRecord {
  provider: string
  merchantId: string
  serial: string
  pem: string
  notBefore: number
  notAfter: number
}

export interface CertificateStore {
  list(provider: string, merchantId: string): Promise<CertificateRecord[]>
  put(certificate: CertificateRecord): Promise<void>
}

/** Who may run what is due, where several processes of one's own server keep the same time. */
export interface TimerStore {
  /**
   * Takes one period of a timer, counted from the epoch: true for one process alone. A period that was taken while a
   * clock was ahead, by more than the one that clocks may differ by, holds nobody up when it is right again.
   */
  take(name: string, period: number): Promise<boolean>
}

/** What was learned of an account at a provider, where the settings do not say it. */
export interface AccountRecord {
  provider: string
  merchantId: string
  /** Alipay: the 2088 number of who is paid. */
  sellerId: string
  learnedAt: number
}

export interface AccountStore {
  find(provider: string, merchantId: string): Promise<AccountRecord | undefined>
  /** Keeps it unless something was learned of that account before; answers what stands then. */
  learn(account: AccountRecord): Promise<AccountRecord>
}
