import type { KeyObject } from 'node:crypto'
import { fileText } from '../../config/fileSetting.js'
import { invalidSetting, type SettingName } from '../../config/index.js'
import type { WeixinMerchant, WeixinV3Credentials } from '../../config/weixinMerchant.js'
import { openAes256Gcm, rsaPrivateKey, rsaPublicKey, rsaSign, rsaVerify } from '../../crypto/index.js'
import type { CertificateRecord } from '../../store/port.js'
import type { Refusal } from '../provider.js'
import type { TimestampAndNonce } from '../weixin/call.js'
import { type Fields, text } from './fields.js'

/** A merchant whose V3 credentials are known. */
export type V3Merchant = WeixinMerchant & { v3: WeixinV3Credentials }

/** By where and what was set: neither a file is read nor a key parsed a second time in one process. */
const parsed = new Map<string, KeyObject>()

function keyOf(setting: SettingName, value: string, parse: (text: string) => KeyObject): KeyObject {
  // The setting is part of the name: a public key in the place of the private one is none, however good it is elsewhere.
  const name = `${setting}\n${value}`
  const known = parsed.get(name)
  if (known) return known
  const text = fileText(setting, value)
  try {
    const key = parse(text)
    parsed.set(name, key)
    return key
  } catch (cause) {
    throw invalidSetting(setting, 'cannot be read as an RSA key', cause)
  }
}

/** The private key of the merchant's API certificate: signs requests, opens sensitive fields. INVALID_SETTING. */
export const merchantKey = ({ v3 }: V3Merchant): KeyObject =>
  keyOf('WEIXIN_PAY_PRIVATE_KEY', v3.privateKey, rsaPrivateKey)

/** The WeChat Pay public key of that id, where the merchant has it. INVALID_SETTING. */
export function publicKeyOf({ v3 }: V3Merchant, id: string): KeyObject | undefined {
  const found = v3.publicKeys.find((known) => known.id === id)
  return found && keyOf('WEIXIN_PAY_PUBLIC_KEY', found.key, rsaPublicKey)
}

/** The only signature suite there is for RSA keys; also the first part of the Authorization header. */
const SUITE = 'WECHATPAY2-SHA256-RSA2048'

/** Every text that V3 signs: lines that all end with LF, the last and the empty ones too. */
export const signedLines = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** The merchant's signature over such lines, base64. */
export const signLines = (merchant: V3Merchant, ...lines: readonly string[]): string =>
  rsaSign('sha256', merchantKey(merchant), signedLines(...lines))

/** What the signature of a request covers. */
export interface Signable {
  method: string
  /** Path and query exactly as sent, percent-encoded, without the host. */
  target: string
  /** Exactly as sent; empty when there is none. */
  body: string
}

/**
 * The Authorization header of one request.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012365336
 */
export function authorization(
  merchant: V3Merchant,
  { method, target, body }: Signable,
  { timestamp, nonceStr }: TimestampAndNonce,
): string {
  const signature = signLines(merchant, method, target, timestamp, nonceStr, body)
  const parts = {
    mchid: merchant.mchId,
    nonce_str: nonceStr,
    signature,
    timestamp,
    serial_no: merchant.v3.serialNo,
  }
  const written = Object.entries(parts).map(([name, value]) => `${name}="${value}"`)
  return `${SUITE} ${written.join(',')}`
}

/** An answer or a notice as it arrived; header names in lower case. */
export interface SignedMessage {
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/** Why a message does not verify. `detail` is for the log. */
export interface VerificationFailure {
  reason: Refusal
  detail?: string
}

/** The key a serial stands for, if it may verify now. */
export type FindKey = (serial: string) => KeyObject | undefined | Promise<KeyObject | undefined>

/** A key of WeChat Pay's, and the serial it is known by. */
export interface KnownKey {
  serial: string
  key: KeyObject
}

/**
 * The keys WeChat Pay may have signed with, by serial: its public keys, which the merchant configured, and platform
 * certificates, which are downloaded. Both count at once, since during a switch both kinds of message arrive.
 */
export interface KeyRing {
  /**
   * The key of a serial, if it may verify now. An unknown one causes at most one download a minute.
   * Rejects only when the place where certificates are kept cannot be reached.
   */
  find: FindKey
  /** Resolves once an answer could be verified at all; to be asked before a request may make something happen. */
  ready(): Promise<void>
  /** The key for sensitive fields: the public key in use, else the newest certificate. */
  forEncryption(): Promise<KnownKey>
  /** Every key that may verify now, as far as it is known here: nothing is fetched. */
  known(): Promise<KnownKey[]>
  /** Downloads now, whatever is known, and keeps what may be trusted. */
  refresh(): Promise<CertificateRecord[]>
}

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
 * Verifies that a message is authentic: its signature covers exactly these bytes, was made with the key its serial
 * header names, and is no older and no younger than five minutes. Undefined when it is, else why not. `now` in
 * milliseconds. https://pay.weixin.qq.com/doc/v3/merchant/4013053249
 */
export async function verifySignature(
  message: SignedMessage,
  now: number,
  findKey: FindKey,
): Promise<VerificationFailure | undefined> {
  const { headers, body } = message
  const failure = verifyHeaders(headers, now)
  if (failure) return failure
  const serial = headers['wechatpay-serial'] ?? ''
  const key = await findKey(serial)
  if (!key) return { reason: 'signature key unknown', detail: `serial ${serial}` }
  const before = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n`
  const signed = Buffer.concat([Buffer.from(before), body, Buffer.from('\n')])
  const isGenuine = rsaVerify('sha256', key, signed, headers['wechatpay-signature'] ?? '')
  return isGenuine ? undefined : { reason: 'signature wrong', detail: `serial ${serial}` }
}

function verifyHeaders(headers: SignedMessage['headers'], now: number): VerificationFailure | undefined {
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

const ALGORITHM = 'AEAD_AES_256_GCM'

/**
 * Decrypts what WeChat Pay sealed with the APIv3 key: the `resource` of a notice, an `encrypt_certificate`. Nothing
 * when it does not open, whatever the reason: a wrong key and a changed text must look the same.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function decryptResource({ v3 }: V3Merchant, resource: Fields): Buffer | undefined {
  try {
    if (text(resource, 'algorithm') !== ALGORITHM) return undefined
    const box = {
      key: Buffer.from(v3.key),
      nonce: Buffer.from(text(resource, 'nonce') ?? ''),
      associatedData: Buffer.from(text(resource, 'associated_data') ?? ''),
    }
    return openAes256Gcm(box, Buffer.from(text(resource, 'ciphertext') ?? '', 'base64'))
  } catch {
    return undefined
  }
}
