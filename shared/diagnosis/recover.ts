import { constants, createHash, type KeyObject, publicDecrypt } from 'node:crypto'
import type { RsaHash } from '../crypto/index.js'

/** What a signature was made over: a hash of it, which tells what was signed without knowing it. */
export interface Signed {
  hash: RsaHash
  digest: Buffer
}

/** How PKCS#1 v1.5 announces a hash. https://www.rfc-editor.org/rfc/rfc8017#section-9.2 */
const prefixes: readonly (readonly [RsaHash, string])[] = [
  ['sha256', '3031300d060960864801650304020105000420'],
  ['sha1', '3021300906052b0e03021a05000414'],
]

/** What `key` signed; undefined when it did not make this signature. One RSA operation for any number of guesses. */
export function recovered(key: KeyObject, signature: string): Signed | undefined {
  try {
    const padding = constants.RSA_PKCS1_PADDING
    const info = publicDecrypt({ key, padding }, Buffer.from(signature, 'base64')).toString('hex')
    const [hash, prefix = ''] = prefixes.find(([, begin]) => info.startsWith(begin)) ?? []
    return hash && { hash, digest: Buffer.from(info.slice(prefix.length), 'hex') }
  } catch {
    return undefined
  }
}

export const isOver = ({ hash, digest }: Signed, ...parts: readonly (string | Buffer)[]): boolean => {
  const hashing = createHash(hash)
  for (const part of parts) hashing.update(part)
  return hashing.digest().equals(digest)
}
