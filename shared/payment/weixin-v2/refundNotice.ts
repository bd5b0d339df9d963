import { md5Hex, openAes256Ecb } from '../../crypto/index.js'
import { type FlatXml, readFlatXml } from '../../xml/flatXml.js'
import type { NoticeReading, Refusal } from '../provider.js'
import type { V2Merchant } from './merchant.js'
import { refundFacts } from './refundFacts.js'

const refused = (reason: Refusal): NoticeReading => ({ authentic: false, reason })

/**
 * Opens what a refund notice holds: `req_info`, under the lower-case hex of the V2 key's MD5. There is no signature,
 * and the cipher lets blocks be cut out, swapped and sent again: what it says is a reason to ask, and no more.
 * Nothing outside of `req_info` counts. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_16
 */
export function readRefundNotice(merchant: V2Merchant, fields: FlatXml): NoticeReading {
  if (fields.get('mch_id') !== merchant.mchId) return refused('other merchant')
  const inner = opened(merchant, fields.get('req_info') ?? '')
  if (typeof inner === 'string') return refused(inner)
  const refund = refundFacts(inner, '')
  if (!refund?.outTradeNo) return refused('incomplete')
  return { authentic: true, notice: { refund, refundNeedsQuery: true } }
}

function opened({ key }: V2Merchant, sealed: string): FlatXml | 'not decryptable' | 'malformed' {
  let text: string
  try {
    text = openAes256Ecb(md5Hex(key), sealed)
  } catch {
    return 'not decryptable'
  }
  try {
    return readFlatXml(text, 'root')
  } catch {
    return 'malformed'
  }
}
