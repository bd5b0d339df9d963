import type { KeyObject } from 'node:crypto'
import { rsaVerify } from '../../crypto/index.js'
import type { Refusal } from '../provider.js'
import { SUITE } from './signature.js'

/** An answer or a notice as it arrived; header names in lower case. */
export interface SignedMessage {
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/** Why a message is not taken for WeChat Pay's. `detail` is for the log. */
export interface Doubt {
  reason: Refusal
  detail?: string
}

/** The key a serial stands for, if it may verify now. */
export type FindKey = (serial: string) => KeyObject | undefined | Promise<KeyObject | undefined>

/** How far WeChat Pay's clock and ours may be apart, in either direction, in milliseconds. */
const WINDOW_MS = 300_000

/** WeChat Pay signs some messages like this on purpose, to see whether they are refused. */
const PROBE = 'WECHATPAY/SIGNTEST/'

/**
 * The headers a signature needs and what each looks like. A header that came twice reaches us joined by a comma,
 * which none of them may hold: which of the two was meant would be the sender's choice.
 */
const shapes: readonly (readonly [name: string, shape: RegExp])[] = [
  ['wechatpay-timestamp', /^\d{1,12}$/],
  ['wechatpay-nonce', /^[\x21-\x2b\x2d-\x7e]{1,128}$/],
  ['wechatpay-signature', /^[A-Za-z0-9+/=]{1,1024}$/],
  ['wechatpay-serial', /^\w{1,128}$/],
]

/**
 * Why a message is not authentic, or nothing when it is: its signature covers exactly these bytes, was made with the
 * key its serial header names, and is no older and no younger than five minutes. `now` in milliseconds.
 * https://pay.weixin.qq.com/doc/v3/merchant/4013053249
 */
export async function doubtAbout(
  message: SignedMessage,
  now: number,
  findKey: FindKey,
): Promise<Doubt | undefined> {
  const { headers, body } = message
  const doubt = doubtAboutHeaders(headers, now)
  if (doubt) return doubt
  const serial = headers['wechatpay-serial'] ?? ''
  const key = await findKey(serial)
  if (!key) return { reason: 'signature key unknown', detail: `serial ${serial}` }
  const before = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n`
  const signed = Buffer.concat([Buffer.from(before), body, Buffer.from('\n')])
  const isGenuine = rsaVerify('sha256', key, signed, headers['wechatpay-signature'] ?? '')
  return isGenuine ? undefined : { reason: 'signature wrong', detail: `serial ${serial}` }
}

function doubtAboutHeaders(headers: SignedMessage['headers'], now: number): Doubt | undefined {
  const missing = shapes.find(([name]) => !headers[name])
  if (missing) return { reason: 'signature missing', detail: missing[0] }
  if (headers['wechatpay-signature']?.startsWith(PROBE)) return { reason: 'signature probe' }
  const odd = shapes.find(([name, shape]) => !shape.test(headers[name] ?? ''))
  if (odd) return { reason: 'malformed', detail: odd[0] }
  if ((headers['wechatpay-signature-type'] ?? SUITE) !== SUITE) return { reason: 'signature type not ours' }
  const skew = now - Number(headers['wechatpay-timestamp']) * 1000
  if (Math.abs(skew) < WINDOW_MS) return undefined
  return { reason: 'time out of range', detail: `${Math.round(skew / 1000)} s behind our clock` }
}
