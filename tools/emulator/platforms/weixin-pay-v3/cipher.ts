import { createCipheriv } from 'node:crypto'
import { nonce, type Random } from '../../../../shared/clock.js'

export interface Sealed {
  algorithm: 'AEAD_AES_256_GCM'
  nonce: string
  associated_data: string
  /** Base64 of the cipher text with its tag of 16 bytes at the end. */
  ciphertext: string
}

/** AES-256-GCM under the APIv3 key. */
export function sealed(text: string, associatedData: string, key: string, random: Random): Sealed {
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
