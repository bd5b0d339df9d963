import { createCipheriv, createDecipheriv } from 'node:crypto'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export interface GcmBox {
  /** 32 bytes. */
  key: Buffer
  /** 12 bytes. */
  nonce: Buffer
  /** Authenticated beside the text; empty means none. */
  associatedData?: Buffer
}

/**
 * Opens AES-256-GCM: `sealed` is the cipher text followed by its 16-byte tag, as WeChat Pay V3 sends it. Sizes are
 * checked first, since Node itself takes shorter keys, other nonces and shorter tags. Throws one error for all.
 */
export function openAes256Gcm({ key, nonce, associatedData }: GcmBox, sealed: Buffer): Buffer {
  if (key.length !== KEY_BYTES || nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) {
    throw notOpened()
  }
  const tagAt = sealed.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(tagAt))
  if (associatedData?.length) decipher.setAAD(associatedData)
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, tagAt)), decipher.final()])
  } catch {
    throw notOpened()
  }
}

const notOpened = () => new Error('not opened: wrong key, or the sealed bytes are not whole')

/** The reverse of {@link openAes256Gcm}. A nonce must never be used twice with one key. */
export function sealAes256Gcm({ key, nonce, associatedData }: GcmBox, text: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  if (associatedData?.length) cipher.setAAD(associatedData)
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

export interface CbcBox {
  /** 16 bytes. */
  key: Buffer
  /** 16 bytes. */
  iv: Buffer
}

/**
 * Opens AES-128-CBC with PKCS#7. The mode proves nothing about who wrote the text, so signatures are checked first.
 * Throws one error for all failures.
 */
export function openAes128Cbc({ key, iv }: CbcBox, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, iv)
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch {
    throw notOpened()
  }
}

/** The reverse of {@link openAes128Cbc}. */
export function sealAes128Cbc({ key, iv }: CbcBox, text: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([cipher.update(text), cipher.final()])
}

/**
 * Opens AES-256-ECB with PKCS#7, base64 in, UTF-8 out: WeChat Pay V2's `req_info`. The mode proves nothing about who
 * wrote the text. `key` is 32 ASCII characters. Throws on a wrong key, length or padding, without saying which.
 */
export function openAes256Ecb(key: string, base64: string): string {
  const decipher = createDecipheriv('aes-256-ecb', Buffer.from(key, 'latin1'), null)
  return Buffer.concat([decipher.update(base64, 'base64'), decipher.final()]).toString('utf8')
}

/** The reverse of {@link openAes256Ecb}, for whoever plays the provider. */
export function sealAes256Ecb(key: string, text: string): string {
  const cipher = createCipheriv('aes-256-ecb', Buffer.from(key, 'latin1'), null)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}
