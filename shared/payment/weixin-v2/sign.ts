import type { WeixinSignType } from '../../config/weixinMerchant.js'
import { hmacSha256Hex, joinedByName, md5Hex, type Signable, sameText } from '../../crypto/index.js'

/** The text V2 signs, without the key. All received fields take part, those we know nothing of included. */
export const canonical = (fields: Signable): string => joinedByName(fields, ['sign'])

/** The upper-case hex signature: 32 digits for MD5, 64 for HMAC-SHA256. */
export function signature(fields: Signable, key: string, type: WeixinSignType): string {
  const text = `${canonical(fields)}&key=${key}`
  return (type === 'MD5' ? md5Hex(text) : hmacSha256Hex(key, text)).toUpperCase()
}

/** Whether `fields` carry our own signature of exactly this type: a message does not get to choose its algorithm. */
export function isSigned(fields: ReadonlyMap<string, string>, key: string, type: WeixinSignType): boolean {
  return sameText(fields.get('sign') ?? '', signature(fields, key, type))
}
