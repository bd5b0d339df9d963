import { createCipheriv, sign } from 'node:crypto'
import { nonce, type Random } from '../../../../shared/clock.js'
import { serialNoOf } from '../certificates/index.js'
import type { PlatformContext } from '../contract.js'
import type { Fault } from '../faults.js'
import type { Signer } from './keys.js'

/** What can be wrong with a signed message although the rest of it is right. */
export const signatureFaults = ['forged', 'unsigned', 'probe', 'stale', 'unknown-serial'] as const

const STALE_S = 600

/**
 * The headers that vouch for a body, with the fault that was ordered in them. Spelt as WeChat Pay spells them: there are
 * programs that look them up by their case.
 */
export function signatureHeaders(
  body: string,
  { serial, key }: Signer,
  { clock, random }: Pick<PlatformContext, 'clock' | 'random'>,
  fault: Fault | undefined,
): Record<string, string> {
  const requestId = { 'Request-ID': `08${nonce(random, 30).toUpperCase()}` }
  if (fault === 'unsigned' || fault === 'denied') return requestId
  const seconds = Math.floor(clock.now() / 1000) - (fault === 'stale' ? STALE_S : 0)
  const text = nonce(random)
  const signature = sign('sha256', Buffer.from(`${seconds}\n${text}\n${body}\n`), key).toString('base64')
  return {
    ...requestId,
    'Wechatpay-Timestamp': String(seconds),
    'Wechatpay-Nonce': text,
    'Wechatpay-Serial': fault === 'unknown-serial' ? serialNoOf('nobody') : serial,
    'Wechatpay-Signature': corrupted(signature, fault),
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
  }
}

const PROBE = 'WECHATPAY/SIGNTEST/'

/** A forged one is right in length and alphabet, so that only the verification itself can find it out. */
function corrupted(signature: string, fault: Fault | undefined): string {
  if (fault === 'probe') return `${PROBE}${signature.slice(PROBE.length)}`
  if (fault !== 'forged') return signature
  return `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
}

/** A merchant that is not ours. */
const OTHER_MERCHANT = '1900000999'

/** What a message says, with the fault that was ordered in it: another merchant, or one fen more. */
export function withFault(fields: object, fault: Fault | undefined): object {
  if (fault === 'wrong-merchant') return { ...fields, mchid: OTHER_MERCHANT }
  if (fault !== 'wrong-amount' || !('amount' in fields)) return fields
  const amount = Object.entries(fields.amount ?? {}).map(([name, value]) => [
    name,
    typeof value === 'number' ? value + 1 : value,
  ])
  return { ...fields, amount: Object.fromEntries(amount) }
}

export interface Sealed {
  algorithm: 'AEAD_AES_256_GCM'
  nonce: string
  associated_data: string
  /** Base64 of the cipher text with its tag of 16 bytes at the end. */
  ciphertext: string
}

/** AES-256-GCM under the APIv3 key. */
export function encryptResource(text: string, associatedData: string, key: string, random: Random): Sealed {
  const iv = nonce(random, 12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(associatedData))
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'AEAD_AES_256_GCM',
    nonce: iv,
    associated_data: associatedData,
    ciphertext: bytes.toString('base64'),
  }
}

/** As long as a real one, and not it. */
export const otherKey = (key: string): string => [...key].reverse().join('')
