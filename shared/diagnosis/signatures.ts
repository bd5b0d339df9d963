import { constants, createHash, type KeyObject, publicDecrypt } from 'node:crypto'
import type { RsaHash } from '../crypto/index.js'

/** The hash an RSA signature was made over: it tells whether a text is the one that was signed. */
export interface SignedHash {
  hash: RsaHash
  digest: Buffer
}

/** How PKCS#1 v1.5 announces a hash. https://www.rfc-editor.org/rfc/rfc8017#section-9.2 */
const prefixes: readonly (readonly [RsaHash, string])[] = [
  ['sha256', '3031300d060960864801650304020105000420'],
  ['sha1', '3021300906052b0e03021a05000414'],
]

/**
 * The hash in a signature, base64; undefined when `key` did not make it. Taking it out once is one RSA operation, however
 * many texts it is then held against.
 */
export function recoverHash(key: KeyObject, signature: string): SignedHash | undefined {
  try {
    const padding = constants.RSA_PKCS1_PADDING
    const info = publicDecrypt({ key, padding }, Buffer.from(signature, 'base64')).toString('hex')
    const [hash, prefix = ''] = prefixes.find(([, begin]) => info.startsWith(begin)) ?? []
    return hash && { hash, digest: Buffer.from(info.slice(prefix.length), 'hex') }
  } catch {
    return undefined
  }
}

/** Whether `parts`, one after the other, are the text that was signed. */
export const isHashOf = ({ hash, digest }: SignedHash, ...parts: readonly (string | Buffer)[]): boolean => {
  const hashing = createHash(hash)
  for (const part of parts) hashing.update(part)
  return hashing.digest().equals(digest)
}
