import type { WeixinSignType } from '../../config/weixinMerchant.js'
import { hmacSha256, md5Hex, sameText } from '../../crypto/index.js'

/** Fields to be signed. Empty ones and `sign` itself do not count; `0` does. */
export type Signable = Iterable<readonly [string, string | null | undefined]>

/**
 * The text V2 signs, without the key: `name=value` joined by `&`, in byte order of the names, values as they are
 * meant (no URL encoding, no XML escapes). All received fields take part, those we know nothing of included.
 */
export function canonical(fields: Signable): string {
  return [...fields]
    .filter(([name, value]) => name !== 'sign' && value !== '' && value !== null && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** The upper-case hex signature: 32 digits for MD5, 64 for HMAC-SHA256. */
export function signature(fields: Signable, key: string, type: WeixinSignType): string {
  const text = `${canonical(fields)}&key=${key}`
  return (type === 'MD5' ? md5Hex(text) : hmacSha256(key, text).toString('hex')).toUpperCase()
}

/** Whether `fields` carry our own signature of exactly this type: a message does not get to choose its algorithm. */
export function isSigned(fields: ReadonlyMap<string, string>, key: string, type: WeixinSignType): boolean {
  return sameText(fields.get('sign') ?? '', signature(fields, key, type))
}
