import type { Rule } from './entry.js'

export const atMost = (max: number) => (text: string) => [...text].length <= max
export const oneOf =
  (...words: string[]) =>
  (text: string) =>
    words.includes(text)
export const matching = (pattern: RegExp) => (text: string) => pattern.test(text)

/** Fen, more than nothing. */
export const isFee = matching(/^[1-9]\d{0,9}$/)

/** `yyyyMMddHHmmss`. */
export const isBeijingTime = (text: string): boolean =>
  /^\d{14}$/.test(text) && Number.isFinite(beijingMs(text))

/** Milliseconds since the epoch of a `yyyyMMddHHmmss`. */
export function beijingMs(text: string): number {
  const [year, month, day, hour, minute, second] = [
    text.slice(0, 4),
    ...[4, 6, 8, 10, 12].map((at) => text.slice(at, at + 2)),
  ]
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`)
}

/** Absolute, without query or fragment, since WeChat cuts those off or refuses them. */
export function isNotifyUrl(text: string): boolean {
  if (text.length > 256 || /[?#]/.test(text) || !URL.canParse(text)) return false
  return /^https?:$/.test(new URL(text).protocol)
}

export const outTradeNo: Rule = { required: true, accepts: matching(/^[0-9A-Za-z_\-|*]{6,32}$/) }
