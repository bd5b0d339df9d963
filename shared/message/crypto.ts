import { createCipheriv, createDecipheriv } from 'node:crypto'
import { sameText, sha1Hex } from '../crypto/digest.js'

/**
 * How WeChat encrypts what it pushes: AES-256-CBC over 16 random bytes, the length of the text, the text, and whose
 * application it is for. https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
 */

const CIPHER = 'aes-256-cbc'

/** WeChat pads to 32 bytes where AES needs 16: OpenSSL's own unpadding takes half of its paddings for broken. */
const BLOCK = 32

const RANDOM_BYTES = 16
const HEAD_BYTES = RANDOM_BYTES + 4

/** What is inside an encrypted push. */
export interface PushContent {
  text: Buffer
  /** The application it was encrypted for. */
  appId: string
}

/** The 32 bytes an EncodingAESKey stands for; undefined when it is not one. */
export function pushKey(encodingAesKey: string): Buffer | undefined {
  return /^[A-Za-z0-9]{43}$/.test(encodingAesKey) ? Buffer.from(`${encodingAesKey}=`, 'base64') : undefined
}

/** Undefined whatever is wrong with it: the cause would help an attacker who guesses. */
export function decryptPush(key: Buffer, encrypted: string): PushContent | undefined {
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) return undefined
  const decipher = createDecipheriv(CIPHER, key, key.subarray(0, 16)).setAutoPadding(false)
  return unpacked(Buffer.concat([decipher.update(bytes), decipher.final()]))
}

/** Every byte of the padding is looked at, and all checks are made, before any of them decides. */
function unpacked(plain: Buffer): PushContent | undefined {
  const padding = plain.readUInt8(plain.length - 1)
  const isPadding = padding >= 1 && padding <= BLOCK
  let wrong = 0
  for (let back = 1; back <= BLOCK; back++) {
    if (back <= padding) wrong |= plain.readUInt8(plain.length - back) ^ padding
  }
  const end = isPadding ? plain.length - padding : plain.length
  const textEnd = HEAD_BYTES + plain.readUInt32BE(RANDOM_BYTES)
  if (!isPadding || wrong !== 0 || textEnd > end) return undefined
  return { text: plain.subarray(HEAD_BYTES, textEnd), appId: plain.toString('utf8', textEnd, end) }
}

/** The reverse of {@link decryptPush}; `random` are 16 fresh bytes. */
export function encryptPush(key: Buffer, { text, appId }: PushContent, random: Buffer): string {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const whole = Buffer.concat([random, length, text, Buffer.from(appId)])
  const padding = BLOCK - (whole.length % BLOCK)
  const cipher = createCipheriv(CIPHER, key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([whole, Buffer.alloc(padding, padding)])
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}

/** WeChat's signature over a call's few texts: sorted, joined with nothing, SHA-1 as lower-case hex. */
export const pushSignature = (...texts: readonly string[]): string => sha1Hex([...texts].sort().join(''))

export const isSigned = (signature: string | undefined, ...texts: readonly string[]): boolean =>
  signature !== undefined && sameText(pushSignature(...texts), signature)
