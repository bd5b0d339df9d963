import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { AlipayAccount } from './account.js'
import { invalid } from './refusal.js'

const ALGORITHM = 'aes-128-cbc'
const ZERO_IV = Buffer.alloc(16)

const keyOf = ({ aesKey }: AlipayAccount): Buffer => Buffer.from(aesKey, 'base64')

/** Base64 of what was encrypted with the key that the console shows. */
export function sealed(text: string, account: AlipayAccount): string {
  const cipher = createCipheriv(ALGORITHM, keyOf(account), ZERO_IV)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

/** The reverse. Throws a GatewayRefusal when it was not sealed with that key. */
export function opened(base64: string, account: AlipayAccount): string {
  try {
    const cipher = createDecipheriv(ALGORITHM, keyOf(account), ZERO_IV)
    return Buffer.concat([cipher.update(base64, 'base64'), cipher.final()]).toString('utf8')
  } catch {
    throw invalid('decryption-error-unknown', '解密出错, 未知错误')
  }
}
