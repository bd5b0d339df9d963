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

/** What decides over money, by its name on the wire; lists number their fields. */
const DECIDING =
  /&(?:return_code|result_code|trade_state|appid|mch_id|openid|out_trade_no|transaction_id|total_fee|fee_type|out_refund_no|refund_(?:id|fee|status|count))(?:_\d+)?=/

/**
 * Whether a field holds what decides over money as part of its value. V2 signs `name=value` joined by `&`, so one signed
 * text can be cut into fields in several ways: whoever chooses `attach` can write fields into it, and cut a genuine
 * notice anew so that they count. The fields that really count then lie inside another field's value. In `attach` itself
 * they are what the payer's order said, and harmless.
 */
export const hidesFields = (fields: FlatXml): boolean =>
  [...fields].some(([name, value]) => name !== 'attach' && DECIDING.test(value))

/**
 * The fields in the reading that their signature covers; undefined when it covers none. WeChat signs line ends as the
 * merchant wrote them and sends them so; whoever takes the message for XML on its way may have made others of them,
 * which XML calls the same text. What is believed is the reading that was signed, as a whole.
 */
export const signedReading = (fields: FlatXml, key: string, type: WeixinSignType): FlatXml | undefined =>
  [fields, withLineFeeds(fields)].find((reading) => reading !== undefined && isSigned(reading, key, type))

/** Undefined when they are the same. */
function withLineFeeds(fields: FlatXml): FlatXml | undefined {
  const pairs = [...fields].map(([name, value]) => [name, value.replace(/\r\n?/g, '\n')] as const)
  return pairs.some(([name, value]) => value !== fields.get(name)) ? new Map(pairs) : undefined
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
