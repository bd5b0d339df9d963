import type { HttpCall } from '../../operation/index.js'
import type { ProviderId } from '../provider.js'
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
