import { type KeyObject, sign, verify } from 'node:crypto'
import type { SignType } from './account.js'
import { type Charset, encoded } from './charset.js'
import type { Fields } from './form.js'

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
export const spoilt = (signature: string): string =>
  `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
