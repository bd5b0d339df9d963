import type { HttpCall } from '../operation/index.js'
import type { ProviderId, Refusal } from '../payment/provider.js'
import type { Finding } from './findings.js'

/** Whose messages look like this, by what each cannot do without. */
const signs: readonly (readonly [ProviderId, (headers: HttpCall['headers'], text: string) => boolean])[] = [
  ['weixin-v3', (headers, text) => 'wechatpay-signature' in headers || /^\s*\{.*"ciphertext"/s.test(text)],
  ['weixin-v2', (_headers, text) => /^\s*<xml>/.test(text) && /<(mch_id|return_code)>/.test(text)],
  ['alipay', (_headers, text) => /(^|&)(notify_id|trade_no)=/.test(text) && /(^|&)sign=/.test(text)],
]

/** Whose message this looks like; undefined when nothing of any of them is left. */
export function looksLike(headers: HttpCall['headers'], body: Buffer): ProviderId | undefined {
  const text = body.subarray(0, 16 * 1024).toString('latin1')
  return signs.find(([, looks]) => looks(headers, text))?.[0]
}

/** Refused before anybody looked at a signature. */
const UNREAD: ReadonlySet<Refusal> = new Set(['empty', 'malformed', 'signature missing'])

export const isUnread = (reason: Refusal): boolean => UNREAD.has(reason)

/** Why a body came that is no message of `expected`: something has read it, or it is another payment system's. */
export function misdirected(
  { headers, rawBody }: Pick<HttpCall, 'headers' | 'rawBody'>,
  reason: Refusal,
  expected: ProviderId,
): Finding | undefined {
  if (reason !== 'empty') return strangers(headers, rawBody, expected)
  return Number(headers['content-length'] ?? 0) > 0 ? { cause: 'body parsed' } : undefined
}

/** Whether a call that `expected` refused is a message of another payment system. */
export function strangers(
  headers: HttpCall['headers'],
  body: Buffer,
  expected: ProviderId,
): Finding | undefined {
  const id = looksLike(headers, body)
  return id === undefined || id === expected
    ? undefined
    : { cause: 'other provider', detail: { en: `it is ${id}'s`, zh: `来自 ${id}` } }
}
