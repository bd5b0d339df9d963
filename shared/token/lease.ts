import { beijingDayStart, type Clock, nonce, type Random } from '../clock.js'
import { hasCode, openapiError, TOKEN_BUDGET, TOKEN_TIMEOUT } from '../errors/index.js'
import type { Store, TokenRecord, TokenStore } from '../store/port.js'
import { latestEnd } from '../store/tokens.js'
import type { TokenMemory } from './memory.js'

/**
 * `plain`: every fetch makes a new token and soon kills the one before. `stable`: a fetch gives the current token
 * until its last five minutes, and another only when forced.
 */
export type TokenMode = 'stable' | 'plain'

export interface FetchedToken {
  token: string
  expiresInSeconds: number
}

export interface TokenKeeperOptions {
  /** `provider:appId:mode`, the name under which the token is kept. Never part of it: a secret. */
  key: string
  mode: TokenMode
  /** Absent where there is none (the library): this process then keeps its tokens for itself. */
  store?: () => Promise<Pick<Store, 'tokens'>>
  clock: Clock
  random: Random
  /** Asks the provider. Rejects with an `OpenapiError` that holds neither token nor secret. */
  fetchToken(how: { forced: boolean; timeoutMs: number }): Promise<FetchedToken>
  /** Milliseconds until the caller must have answered. */
  timeLeft(): number
  /** This process's, unless a test simulates several. */
  memory?: TokenMemory
}

/** Long enough for two fetches, since a normal one may have to be followed by a forced one. */
const LEASE_MS = 10_000
const FETCH_MS = 5000

/** How long somebody else's lease is to be waited for, in milliseconds; 0 when nobody has one. */
export const leaseLeft = (leaseUntil: number, now: number): number =>
  leaseUntil > latestEnd(now, LEASE_MS) ? 0 : Math.max(0, leaseUntil - now)

/**
 * WeChat's budget of forced fetches, see
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html
 */
const FORCED = { minGapMs: 30_000, perDay: 20 }

/** Which tokens are accepted; `dead` is one that the provider has refused. */
export interface Wanted {
  accepts(record: TokenRecord): boolean
  dead?: string
}

/**
 * Takes the lease, fetches a token and stores it. Undefined when another process holds the lease, or took it over
 * because this took too long: then the token of that process counts.
 */
export async function fetchUnderLease(
  options: TokenKeeperOptions,
  tokens: TokenStore,
  wanted: Wanted,
): Promise<TokenRecord | undefined> {
  const { key, clock, random } = options
  const owner = nonce(random)
  const until = clock.now() + LEASE_MS
  if (!(await tokens.acquire(key, owner, clock.now(), until))) return undefined
  try {
    // Another process may have fetched between our read, which found nothing, and our taking the lease.
    const found = await tokens.read(key)
    if (found && wanted.accepts(found)) {
      await tokens.release(key, owner)
      return found
    }
    return await keep(tokens, await fetchValid(options, tokens, wanted, until), owner, clock.now())
  } catch (error) {
    // The error above is the one to report; a lease that is not released ends by itself.
    await tokens.release(key, owner).catch(() => undefined)
    throw error
  }
}

async function keep(
  tokens: TokenStore,
  record: TokenRecord,
  owner: string,
  now: number,
): Promise<TokenRecord | undefined> {
  try {
    return (await tokens.write(record, owner, now)) ? record : undefined
  } catch (error) {
    // The token is valid: where it cannot be shared, at least this process uses it.
    if (hasCode(error, 'STORE_UNAVAILABLE')) return record
    throw error
  }
}

/** A normal fetch; if that gives the dead token again, which only a stable endpoint does, a forced one. */
async function fetchValid(
  options: TokenKeeperOptions,
  tokens: TokenStore,
  { dead }: Wanted,
  until: number,
): Promise<TokenRecord> {
  const record = await fetchOnce(options, false, until)
  if (options.mode === 'plain' || record.token !== dead) return record
  const now = options.clock.now()
  const limits = { ...FORCED, dayStart: beijingDayStart(now) }
  if (!(await tokens.takeForced(options.key, now, limits))) throw openapiError(TOKEN_BUDGET)
  return fetchOnce(options, true, until)
}

async function fetchOnce(options: TokenKeeperOptions, forced: boolean, until: number): Promise<TokenRecord> {
  const fetchedAt = options.clock.now()
  const timeoutMs = Math.min(FETCH_MS, options.timeLeft(), until - fetchedAt)
  if (timeoutMs <= 0) throw openapiError(TOKEN_TIMEOUT)
  const { token, expiresInSeconds } = await options.fetchToken({ forced, timeoutMs })
  return { key: options.key, token, fetchedAt, expiresAt: fetchedAt + expiresInSeconds * 1000 }
}
