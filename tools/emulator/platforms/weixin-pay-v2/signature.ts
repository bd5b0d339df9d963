import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A V2 message: names and texts. Without a prototype, since the names come from outside. */
export type Message = Readonly<Record<string, string>>

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
