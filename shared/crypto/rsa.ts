import { type KeyObject, sign, verify } from 'node:crypto'

/** RSASSA-PKCS1-v1_5; SHA-1 only where an old Alipay contract is configured for it. */
export type RsaHash = 'sha256' | 'sha1'

/** Base64 without line breaks. `key` as `rsaPrivateKey` parsed it. */
export const rsaSign = (hash: RsaHash, key: KeyObject, data: string | Buffer): string =>
  sign(hash, bytesOf(data), key).toString('base64')

/** Whether the base64 `signature` is this key's over exactly these bytes. False, never an error, for nonsense. */
export function rsaVerify(hash: RsaHash, key: KeyObject, data: string | Buffer, signature: string): boolean {
  return verify(hash, bytesOf(data), key, Buffer.from(signature, 'base64'))
}

const bytesOf = (data: string | Buffer): Buffer => (typeof data === 'string' ? Buffer.from(data) : data)
