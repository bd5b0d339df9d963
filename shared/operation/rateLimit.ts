import { MINUTE_MS } from '../clock.js'
import { sha256Hex } from '../crypto/digest.js'
import { openapiError, TOO_MANY_REQUESTS } from '../errors/index.js'
import type { Context } from './context.js'

/** What a caller may do so many times until `windowEnd` (ms). */
export interface RateLimit {
  /** Apart from every other thing that is counted. */
  what: string
  /** For the caller: `calls by this user`, and when there is room again. */
  words: { things: string; again: string }
  times: number
  windowEnd: number
}

const keyOf = ({ what, windowEnd }: RateLimit, caller: string): string =>
  sha256Hex(`${what}\n${caller}\n${windowEnd}`)

/** Counts one more use by this caller. TOO_MANY_REQUESTS when it is one too many. */
export async function countUse(limit: RateLimit, caller: string, context: Context): Promise<void> {
  const { counters } = await context.store()
  const used = await counters.hit(keyOf(limit, caller), limit.windowEnd)
  if (used > limit.times) throw openapiError(TOO_MANY_REQUESTS, limit.words)
}

/** Takes back a use that was counted and turned out to be none. */
export async function takeBackUse(limit: RateLimit, caller: string, context: Context): Promise<void> {
  const { counters } = await context.store()
  await counters.takeBack(keyOf(limit, caller), limit.windowEnd)
}

/** A limit of uses in every minute of the clock. */
export const perMinute = (
  what: string,
  things: string,
  times: number,
  { clock }: Pick<Context, 'clock'>,
): RateLimit => ({
  what,
  words: { things, again: 'the next minute' },
  times,
  windowEnd: (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS,
})

/**
 * Where a call came from, as far as one customer of a network operator can be told from the next: an IPv6 customer has
 * a whole /64, so that its last half says nothing.
 */
export function addressOf({ client }: Pick<Context, 'client'>): string {
  const ip = client?.ip ?? 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (!ip.includes(':')) return ip
  const [head = '', tail] = ip.toLowerCase().split('::')
  const groups = (text = ''): string[] => (text === '' ? [] : text.split(':'))
  const left = groups(head)
  const right = groups(tail)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const all = [...left, ...Array<string>(zeros).fill('0'), ...right].map((group) =>
    group.replace(/^0+(?=.)/, ''),
  )
  // All of IPv4 lies in one /64; cut there, everybody would count as one customer.
  if (all.length === 8 && all.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return dotted(all.slice(6))
  return all.slice(0, 4).join(':')
}

/** The IPv4 address that the last two groups of an IPv6 address are. */
const dotted = (groups: readonly string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((pair) => [pair >> 8, pair & 0xff])
    .join('.')
