import { isFromFuture } from '../clock.js'
import { hasCode, openapiError, TOKEN_TIMEOUT } from '../errors/index.js'
import type { TokenRecord, TokenStore } from '../store/port.js'
import { fetchUnderLease, leaseLeft, type TokenKeeperOptions, type TokenMode, type Wanted } from './lease.js'
import { processMemory } from './memory.js'

/** A token is not used in its last minute: the call it is for takes time too. */
const READER_MARGIN_MS = 60_000

/** With so much left or less, the timer fetches (DESIGN: Tokens). */
const REFRESH_AT_MS = { stable: 300_000, plain: 600_000 } as const satisfies Record<TokenMode, number>

/**
 * How long before its end a process stops using the token it remembers and looks for a newer one in the store. A plain token
 * dies five minutes after it was replaced, which the timer does in its last ten.
 */
const MEMORY_MARGIN_MS = { stable: READER_MARGIN_MS, plain: 300_000 } as const satisfies Record<
  TokenMode,
  number
>

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 500

export interface TokenKeeper {
  /** A token that is valid. */
  get(): Promise<string>
  /** The same with its times (ms). */
  current(): Promise<TokenRecord>
  /** Reports a token that the provider refused; answers another one, with which the call is worth one retry. */
  reportDead(token: string): Promise<string>
  /** A valid token that was fetched at most `ageMs` ago; 0 asks the provider now. */
  fetchedWithin(ageMs: number): Promise<string>
  /** Fetches if little time is left on the token, as the timer does ahead of need. `expiresAt` in ms. */
  refresh(): Promise<{ refreshed: boolean; expiresAt: number }>
}

interface Search extends Wanted {
  /** Whether a token that this process remembers is good enough. */
  acceptsRemembered(record: TokenRecord): boolean
}

/**
 * Keeps one token of one application: from memory, else from the store, else fetched by the one process that holds
 * the lease while all others wait for what it brings. While the store is down a remembered token is used to its very
 * end, and nothing is fetched. Rejects with `STORE_UNAVAILABLE`, `TOKEN_TIMEOUT`, `TOKEN_BUDGET`, or as `fetchToken`.
 */
export function createTokenKeeper(options: TokenKeeperOptions): TokenKeeper {
  const { key, mode, clock, memory = processMemory } = options
  /** Of a token that was fetched while the clock was ahead nobody knows when it ends. */
  const left = ({ expiresAt, fetchedAt }: TokenRecord) =>
    isFromFuture(fetchedAt, clock.now()) ? 0 : expiresAt - clock.now()

  const alive = (dead?: string): Search => ({
    acceptsRemembered: (record) => left(record) > MEMORY_MARGIN_MS[mode] && record.token !== dead,
    accepts: (record) => left(record) > READER_MARGIN_MS && record.token !== dead,
    ...(dead === undefined ? {} : { dead }),
  })
  const ahead: Search = {
    acceptsRemembered: () => false,
    accepts: (record) => left(record) > REFRESH_AT_MS[mode],
  }

  /** Looks in the store until this process or another one has put a token there that is accepted. */
  async function search(wanted: Search): Promise<TokenRecord> {
    const tokens: TokenStore = options.store ? (await options.store()).tokens : memory.tokens
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const { record, leaseUntil } = await tokens.view(key)
      if (record && wanted.accepts(record)) return record
      const timeLeft = options.timeLeft()
      if (timeLeft <= 0) throw openapiError(TOKEN_TIMEOUT)
      const wait = leaseLeft(leaseUntil, clock.now())
      const fetched = wait > 0 ? undefined : await fetchUnderLease(options, tokens, wanted)
      if (fetched) return fetched
      if (wait > 0) await clock.sleep(Math.min(pause, wait, timeLeft))
    }
  }

  function startFlight(wanted: Search): Promise<TokenRecord> {
    const flight = search(wanted)
      .then((record) => {
        memory.records.set(key, record)
        return record
      })
      .finally(() => memory.flights.delete(key))
    memory.flights.set(key, flight)
    return flight
  }

  async function obtain(wanted: Search): Promise<TokenRecord> {
    for (;;) {
      const known = memory.records.get(key)
      if (known && wanted.acceptsRemembered(known)) return known
      const flight = memory.flights.get(key)
      if (!flight) return startFlight(wanted)
      try {
        const record = await flight
        if (wanted.accepts(record)) return record
      } catch (error) {
        // Whoever started it may have had less time than we have.
        if (!hasCode(error, 'TOKEN_TIMEOUT') || options.timeLeft() <= 0) throw error
      }
    }
  }

  async function obtainAlive(dead?: string): Promise<TokenRecord> {
    try {
      return await obtain(alive(dead))
    } catch (error) {
      const known = memory.records.get(key)
      if (hasCode(error, 'STORE_UNAVAILABLE') && known && known.expiresAt > clock.now()) return known
      throw error
    }
  }

  return {
    current: () => obtainAlive(),
    get: async () => (await obtainAlive()).token,
    async reportDead(token) {
      if (memory.records.get(key)?.token === token) memory.records.delete(key)
      return (await obtainAlive(token)).token
    },
    async fetchedWithin(ageMs) {
      const since = clock.now() - ageMs
      const accepts = (record: TokenRecord) => alive().accepts(record) && record.fetchedAt >= since
      return (await obtain({ acceptsRemembered: accepts, accepts })).token
    },
    async refresh() {
      const startedAt = clock.now()
      const { fetchedAt, expiresAt } = await obtain(ahead)
      return { refreshed: fetchedAt >= startedAt, expiresAt }
    },
  }
}
