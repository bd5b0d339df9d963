import type { Fault } from '../faults.js'
import type { PayContext } from '../weixin-pay/index.js'
import type { SignType } from './message.js'
import type { Message } from './xml.js'

export interface Rule {
  required?: boolean | ((message: Message) => boolean)
  accepts?: (value: string) => boolean
}

/** What is asked of the fields of a request. Fields that nobody describes are signed like all others, and ignored. */
export type Rules = Readonly<Record<string, Rule>>

/** What all endpoints have in common. */
export interface Endpoint {
  name: string
  path: string
  /** Whether the merchant has to show its TLS certificate. */
  certificate?: true
  rules: Rules
}

/** One V2 endpoint: what it asks of a request is data, `answer` gives the fields that go with result_code SUCCESS. */
export interface Entry extends Endpoint {
  /** What can go wrong here and not elsewhere. */
  faults?: readonly Fault[]
  answer(request: Message, context: PayContext, signType: SignType): Record<string, string>
}

/** A business failure: signed, under result_code FAIL. */
export class BusinessFailure extends Error {
  constructor(
    readonly code: string,
    description: string,
  ) {
    super(description)
  }
}

/** A failure before anybody knows who is speaking: return_code FAIL, with no signature. */
export class Unreadable extends Error {}

export function checkRules(rules: Rules, request: Message): void {
  for (const [name, { required, accepts }] of Object.entries(rules)) {
    const value = request[name] ?? ''
    const needed = typeof required === 'function' ? required(request) : required === true
    if (value === '' && needed) throw new BusinessFailure('LACK_PARAMS', `缺少参数: ${name}`)
    if (value !== '' && accepts && !accepts(value))
      throw new BusinessFailure('PARAM_ERROR', `invalid ${name}`)
  }
}

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
