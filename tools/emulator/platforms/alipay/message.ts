import { createCipheriv, createDecipheriv, type KeyObject, sign, verify } from 'node:crypto'
import { nonce } from '../../../../shared/clock.js'
import type { HttpAnswer } from '../contract.js'
import type { Fault } from '../faults.js'
import { fenIn, yuan } from '../payment.js'
import type { AlipayAccount, SignType } from './account.js'
import type { AlipayContext } from './entry.js'
import { type Charset, encoded, type Fields } from './form.js'
import { invalid } from './rules.js'

/** What can be wrong with a signed answer although the rest of it is right. */
export const signatureFaults = ['forged', 'unsigned', 'downgraded', 'unknown-serial'] as const

/** What is answerOf, and how it goes out. */
export interface GatewayAnswer {
  /** `alipay_trade_query_response`, or `error_response`. */
  key: string
  fields: object
  charset: Charset
  isSigned: boolean
  isEncrypted: boolean
  fault: Fault | undefined
}

/** The number of no certificate. */
const NOBODYS_SN = '0'.repeat(32)

/** An answer as the gateway writes it: slashes escaped, the signature over exactly the bytes of the one value. */
export function writeAnswer(answer: GatewayAnswer, context: AlipayContext): HttpAnswer {
  const { key, charset, fault } = answer
  const value = writtenValue(answer, context)
  const signer = context.keys.signer()
  const certSn = signer.certSn && fault === 'unknown-serial' ? NOBODYS_SN : signer.certSn
  const type = fault === 'downgraded' ? 'RSA' : context.agreement.signType
  const sign = signatureOf(encoded(value, charset), signer.key, type)
  const members = [
    `"${key}":${value}`,
    ...(answer.isSigned && certSn ? [`"alipay_cert_sn":"${certSn}"`] : []),
    ...(answer.isSigned && fault !== 'unsigned'
      ? [`"sign":"${fault === 'forged' ? corrupted(sign) : sign}"`]
      : []),
  ]
  return {
    status: 200,
    headers: { 'content-type': `text/html;charset=${charset}`, trace_id: nonce(context.random) },
    body: encoded(`{${members.join(',')}}`, charset),
  }
}

function writtenValue({ fields, isEncrypted, fault }: GatewayAnswer, { account }: AlipayContext): string {
  const text = JSON.stringify(fault === 'wrong-amount' ? withFault(fields) : fields)
  return isEncrypted ? JSON.stringify(encryptContent(text, account)) : text.replaceAll('/', '\\/')
}

const AMOUNTS: ReadonlySet<string> = new Set(['total_amount', 'refund_amount', 'refund_fee'])

/** One fen more in every amount that matters. */
const withFault = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) =>
      AMOUNTS.has(name) ? [name, yuan(fenIn(String(value)) + 1)] : [name, value],
    ),
  )

const ALGORITHM = 'aes-128-cbc'
const ZERO_IV = Buffer.alloc(16)

const keyOf = ({ aesKey }: AlipayAccount): Buffer => Buffer.from(aesKey, 'base64')

/** Base64 of what was encrypted with the key that the console shows. */
export function encryptContent(text: string, account: AlipayAccount): string {
  const cipher = createCipheriv(ALGORITHM, keyOf(account), ZERO_IV)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

/** The reverse. Throws a GatewayRefusal when it was not encrypted with that key. */
export function decryptContent(base64: string, account: AlipayAccount): string {
  try {
    const cipher = createDecipheriv(ALGORITHM, keyOf(account), ZERO_IV)
    return Buffer.concat([cipher.update(base64, 'base64'), cipher.final()]).toString('utf8')
  } catch {
    throw invalid('decryption-error-unknown', '解密出错, 未知错误')
  }
}

const hashes: Readonly<Record<SignType, string>> = { RSA2: 'sha256', RSA: 'sha1' }

/** What is signed: all that has a value, in the order of the names' bytes, values as they are meant. */
export const signedText = (fields: Fields, leaveOut: readonly string[] = []): string =>
  Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && value !== '' && !leaveOut.includes(name))
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** Base64. */
export const signatureOf = (bytes: Buffer, key: KeyObject, type: SignType): string =>
  sign(hashes[type], bytes, key).toString('base64')

/** Whether the request is signed with that key. */
export function isSigned(fields: Fields, key: KeyObject, type: SignType, charset: Charset): boolean {
  const bytes = encoded(signedText(fields), charset)
  return verify(hashes[type], bytes, key, Buffer.from(fields.sign ?? '', 'base64'))
}

/** A signature of the right length and alphabet, so that only the verification itself can find it out. */
export const corrupted = (signature: string): string =>
  `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
