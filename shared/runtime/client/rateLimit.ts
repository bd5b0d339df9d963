import { sha256Hex } from '../../crypto/digest.js'
import { openapiError, TOO_MANY_REQUESTS } from '../../errors/index.js'
import type { Context } from '../../operation/index.js'

/** What a caller may do so many times until `windowEnd` (ms). */
export interface RateLimit {
  /** Apart from every other thing that is counted. */
  what: string
  /** For the caller: `calls`, and when there is room again. */
  words: { things: string; again: string }
  times: number
  windowEnd: number
}

/** Counts one more use by this caller. TOO_MANY_REQUESTS when it is one too many. */
export async function countUse(
  { what, words, times, windowEnd }: RateLimit,
  caller: string,
  context: Context,
): Promise<void> {
  const key = sha256Hex(`${what}\n${caller}\n${windowEnd}`)
  const used = await (await context.store()).counters.hit(key, windowEnd)
  if (used <= times) return
  throw openapiError(TOO_MANY_REQUESTS, words)
}

/** Whom uses are counted for: a login, else where the call came from. */
export const callerOf = ({ session, client }: Pick<Context, 'session' | 'client'>): string =>
  session?.openid ?? client?.ip ?? 'unknown'
