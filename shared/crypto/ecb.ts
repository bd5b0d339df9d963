import { createCipheriv, createDecipheriv } from 'node:crypto'

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
