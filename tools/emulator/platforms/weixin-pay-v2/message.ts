import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { nonce } from '../../../../shared/clock.js'
import type { LocalMerchant } from '../account.js'
import type { PlatformContext } from '../contract.js'
import type { Fault } from '../faults.js'
import { type Message, writeXml } from './xml.js'

export type SignType = 'MD5' | 'HMAC-SHA256'

/** The algorithm a message asks for; MD5 when it says nothing, undefined when nobody knows what it says. */
export function signTypeOf(text: string | undefined): SignType | undefined {
  if (text === undefined || text === '') return 'MD5'
  return text === 'MD5' || text === 'HMAC-SHA256' ? text : undefined
}

/**
 * The signature over all fields that are not empty, in byte order of their names, followed by the key.
 * Upper-case hex. `omit` names the field that holds the signature itself.
 */
export function signatureOf(message: Message, signType: SignType, key: string, omit = 'sign'): string {
  const pairs = Object.entries(message).filter(([name, value]) => name !== omit && value !== '')
  const sorted = pairs.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const text = [...sorted, ['key', key]].map(([name, value]) => `${name}=${value}`).join('&')
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', key)
  return hash.update(text, 'utf8').digest('hex').toUpperCase()
}

export function isSigned(message: Message, signType: SignType, key: string, field = 'sign'): boolean {
  const given = Buffer.from(message[field] ?? '')
  const wanted = Buffer.from(signatureOf(message, signType, key, field))
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** What can be wrong with a message of ours although the rest of it is right. */
export const messageFaults = ['forged', 'unsigned', 'wrong-amount', 'wrong-merchant'] as const

/** A merchant that is not ours. */
export const OTHER_MERCHANT = '1900000999'

/** Signs a message and writes it down, with the fault that was ordered in it. */
export function signedXml(
  fields: Record<string, string>,
  signType: SignType,
  context: Pick<PlatformContext, 'random'> & { merchant: LocalMerchant },
  fault: Fault | undefined,
): string {
  const message: Record<string, string> = { ...fields, nonce_str: nonce(context.random) }
  if (fault === 'wrong-merchant') message.mch_id = OTHER_MERCHANT
  if (fault === 'wrong-amount') oneFenMore(message)
  if (fault !== 'unsigned') message.sign = signatureOf(message, signType, context.merchant.key)
  if (fault === 'forged') message.sign = forgedSign(message)
  return writeXml(message)
}

function oneFenMore(message: Record<string, string>): void {
  for (const name of ['total_fee', 'cash_fee', 'refund_fee', 'cash_refund_fee', 'refund_fee_0']) {
    if (message[name] !== undefined) message[name] = String(Number(message[name]) + 1)
  }
}

/** Right in length and alphabet, so that only the comparison itself can find it out. */
const forgedSign = ({ sign = '' }: Message): string => `${sign.slice(0, -1)}${sign.endsWith('0') ? '1' : '0'}`
