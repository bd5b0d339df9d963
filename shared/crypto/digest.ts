import { createHash, createHmac } from 'node:crypto'

/** Lower-case hex. Texts are hashed as UTF-8. */
export const md5Hex = (data: string | Buffer): string => createHash('md5').update(data).digest('hex')

/** Lower-case hex. */
export const sha1Hex = (data: string | Buffer): string => createHash('sha1').update(data).digest('hex')

/** Lower-case hex. */
export const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

/** The 32 bytes of HMAC-SHA256; a text key stands for its UTF-8 bytes. */
export const hmacSha256 = (key: string | Buffer, data: string | Buffer): Buffer =>
  createHmac('sha256', key).update(data).digest()

/** Lower-case hex of {@link hmacSha256}. */
export const hmacSha256Hex = (key: string | Buffer, data: string | Buffer): string =>
  createHmac('sha256', key).update(data).digest('hex')
