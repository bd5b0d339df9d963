import type { WeixinMerchant, WeixinSignType } from '../../config/weixinMerchant.js'
import { hmacSha256Hex, joinedByName, md5Hex, type Signable, sameText } from '../../crypto/index.js'
import { type FlatXml, MAX_XML, readFlatXml } from '../../xml/flatXml.js'

/** A merchant whose V2 key is known. */
export type V2Merchant = WeixinMerchant & { key: string }

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

/** Why bytes could not be read as a message. */
export type Unreadable = 'empty' | 'too large' | 'malformed'

/**
 * The fields of a V2 message, or why it is none. Bytes that are not UTF-8 are refused rather than repaired: a
 * repaired text has another signature.
 */
export function readMessage(bytes: Buffer, root?: string): FlatXml | Unreadable {
  if (bytes.length === 0) return 'empty'
  if (bytes.length > MAX_XML) return 'too large'
  try {
    return readFlatXml(new TextDecoder('utf-8', { fatal: true }).decode(bytes), root)
  } catch {
    return 'malformed'
  }
}
