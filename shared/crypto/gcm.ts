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
