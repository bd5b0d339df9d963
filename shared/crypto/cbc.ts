import { createCipheriv, createDecipheriv } from 'node:crypto'

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
    throw new Error('not opened: wrong key, or the sealed bytes are not whole')
  }
}

/** The reverse of {@link openAes128Cbc}. */
export function sealAes128Cbc({ key, iv }: CbcBox, text: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  return Buffer.concat([cipher.update(text), cipher.final()])
}
