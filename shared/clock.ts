import { randomBytes } from 'node:crypto'

/** The only source of time. Milliseconds since the epoch; the tests drive it by hand. */
export interface Clock {
  now(): number
  /** Resolves after `ms` milliseconds, early (without an error) when `signal` fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The only source of randomness. */
export interface Random {
  bytes(length: number): Buffer
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const ended = () => {
        clearTimeout(timer)
        // A signal may outlive many sleeps.
        signal?.removeEventListener('abort', ended)
        resolve()
      }
      const timer = setTimeout(ended, ms)
      signal?.addEventListener('abort', ended)
    }),
}

/** Not `{ bytes: randomBytes }`: that would load node:crypto with every bundle, longer than all of our own code takes. */
export const systemRandom: Random = { bytes: (length) => randomBytes(length) }

/** Lower-case hex of `length / 2` random bytes: the nonce of every signature scheme here. */
export const nonce = (random: Random, length = 32): string => random.bytes(length / 2).toString('hex')

/** A URL-safe secret of 256 bits: session tokens, pay tokens. */
export const opaqueToken = (random: Random): string => random.bytes(32).toString('base64url')

const pad = (value: number): string => String(value).padStart(2, '0')

const BEIJING_OFFSET_MS = 8 * 3600 * 1000

/** Beijing calendar parts of an instant, whatever the machine's zone: all providers' local times are UTC+8. */
function beijing(ms: number): { date: string; time: string } {
  const at = new Date(ms + BEIJING_OFFSET_MS)
  return {
    date: `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`,
    time: `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}`,
  }
}

/** `yyyy-MM-dd HH:mm:ss` in Beijing, as Alipay's `timestamp` and WeChat's refund times. */
export const beijingDateTime = (ms: number): string => {
  const { date, time } = beijing(ms)
  return `${date} ${time}`
}

/** `yyyyMMddHHmmss` in Beijing, as WeChat Pay V2's `time_start`, `time_expire` and `time_end`. */
export const beijingCompact = (ms: number): string => beijingDateTime(ms).replace(/\D/g, '')

/** RFC 3339 with `+08:00`, as WeChat Pay V3's `time_expire`. */
export const beijingRfc3339 = (ms: number): string => {
  const { date, time } = beijing(ms)
  return `${date}T${time}+08:00`
}

/** `yyyyMMdd` in Beijing, as the dates of bills and reports. */
export const beijingDay = (ms: number): string => beijing(ms).date.replaceAll('-', '')

/** The instant of a Beijing time of 14 digits, or 8 for the start of a day, whatever stands between them; NaN for others. */
export function fromBeijing(text: string): number {
  const digits = text.replace(/\D/g, '').padEnd(14, '0')
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
}

/** By so much the clocks of two machines may differ, in milliseconds. */
const SKEW_MS = 60_000

/**
 * Whether a time that was the present when it was written lies in the future: the clock was ahead then, and everything
 * that was reckoned from it is wrong.
 */
export const isFromFuture = (at: number, now: number): boolean => at > futureFrom(now)

/** What is later than this lies in the future: see {@link isFromFuture}. */
export const futureFrom = (now: number): number => now + SKEW_MS

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** When the Beijing day of an instant began, in ms: the providers' daily quotas start there. */
export const beijingDayStart = (ms: number): number => ms - ((ms + BEIJING_OFFSET_MS) % DAY_MS)
