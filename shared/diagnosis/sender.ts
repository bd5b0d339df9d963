import type { HttpCall } from '../operation/index.js'
import type { Diagnosis, Refusal } from './causes.js'

/** How the messages of each payment system look, by what each cannot do without. */
const looks = [
  ['weixin-v3', (headers, text) => 'wechatpay-signature' in headers || /^\s*\{.*"ciphertext"/s.test(text)],
  ['weixin-v2', (_headers, text) => /^\s*<xml>/.test(text) && /<(mch_id|return_code)>/.test(text)],
  ['alipay', (_headers, text) => /(^|&)(notify_id|trade_no)=/.test(text) && /(^|&)sign=/.test(text)],
] as const satisfies readonly (readonly [string, (headers: HttpCall['headers'], text: string) => boolean])[]

/** A payment system, under the name of its provider. */
export type Sender = (typeof looks)[number][0]

/** Whose message this looks like; undefined when it looks like nobody's. */
export function looksLike(headers: HttpCall['headers'], body: Buffer): Sender | undefined {
  const text = body.subarray(0, 16 * 1024).toString('latin1')
  return looks.find(([, isAlike]) => isAlike(headers, text))?.[0]
}

/** Refused before anybody looked at a signature. */
const UNREAD: ReadonlySet<Refusal> = new Set(['empty', 'malformed', 'signature missing'])

export const isUnread = (reason: Refusal): boolean => UNREAD.has(reason)

/** Why a body came that is no message of `expected`: something has read it, or it is another payment system's. */
export function misdirected(call: Examined, reason: Refusal, expected: Sender): Diagnosis | undefined {
  return reason === 'empty' ? bodyLost(call) : otherSender(call.headers, call.rawBody, expected)
}

/** What is known of a call that is examined. */
export type Examined = Pick<HttpCall, 'headers' | 'rawBody' | 'isBodyParsed'>

/** Whether there was a body before something in front of us took it. */
export function bodyLost({ headers, isBodyParsed }: Examined): Diagnosis | undefined {
  const wasThere = isBodyParsed || Number(headers['content-length'] ?? 0) > 0
  return wasThere ? { cause: 'body parsed' } : undefined
}

/** Whether a call that `expected` refused is a message of another payment system. */
export function otherSender(
  headers: HttpCall['headers'],
  body: Buffer,
  expected: Sender,
): Diagnosis | undefined {
  const sender = looksLike(headers, body)
  return sender === undefined || sender === expected
    ? undefined
    : { cause: 'other provider', detail: { en: `it is ${sender}'s`, zh: `来自 ${sender}` } }
}
