import { createHash } from 'node:crypto'
import { openapiError, TOO_MANY_REQUESTS } from '../../errors/index.js'
import type { Context } from '../../operation/index.js'

/** What a caller may do so many times until `windowEnd` (ms). */
export interface Allowance {
  /** Apart from every other thing that is counted. */
  what: string
  /** For the caller: `calls`, and when there is room again. */
  words: { things: string; again: string }
  times: number
  windowEnd: number
}

/** Counts one more use by this caller. TOO_MANY_REQUESTS when it is one too many. */
export async function count(
  { what, words, times, windowEnd }: Allowance,
  caller: string,
  context: Context,
): Promise<void> {
  const key = createHash('sha256').update(`${what}\n${caller}\n${windowEnd}`).digest('hex')
  const used = await (await context.store()).counters.hit(key, windowEnd)
  if (used <= times) return
  throw openapiError(TOO_MANY_REQUESTS, words)
}

/** Whom uses are counted for: a login, else where the call came from. */
export const callerOf = ({ session, client }: Pick<Context, 'session' | 'client'>): string =>
  session?.openid ?? client?.ip ?? 'unknown'
