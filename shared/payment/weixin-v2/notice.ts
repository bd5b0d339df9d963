import { md5Hex, openAes256Ecb } from '../../crypto/index.js'
import type { HttpCall } from '../../operation/index.js'
import { type FlatXml, readFlatXml } from '../../xml/flatXml.js'
import { type NoticeReading, notAuthentic } from '../provider.js'
import { paymentFacts, refundFacts } from './facts.js'
import { isSigned, readMessage, type V2Merchant } from './signature.js'

/**
 * Decides whether a call is an authentic notice about one of this merchant's payments or refunds. Nothing in the message chooses
 * how it is checked: the key is the merchant's, the algorithm the configured one, and every received field is
 * covered. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_7
 */
export async function readNotice(merchant: V2Merchant, { rawBody }: HttpCall): Promise<NoticeReading> {
  const fields = readMessage(rawBody)
  if (typeof fields === 'string') return notAuthentic(fields)
  if (fields.get('return_code') !== 'SUCCESS') return notAuthentic('not a success message')
  if (fields.has('req_info')) return readRefundNotice(merchant, fields)
  if (!fields.get('sign')) return notAuthentic('signature missing')
  if ((fields.get('sign_type') || merchant.signType) !== merchant.signType) {
    return notAuthentic('signature type not ours')
  }
  if (!isSigned(fields, merchant.key, merchant.signType)) return notAuthentic('signature wrong')
  if (fields.get('mch_id') !== merchant.mchId) return notAuthentic('other merchant')
  if (!merchant.apps.some(({ appId }) => appId === fields.get('appid'))) return notAuthentic('other app')
  const payment = paymentFacts(fields, fields.get('result_code') === 'SUCCESS' ? 'SUCCESS' : 'PAYERROR')
  return payment ? { authentic: true, notice: { payment } } : notAuthentic('incomplete')
}

/**
 * Opens what a refund notice holds: `req_info`, under the lower-case hex of the V2 key's MD5. There is no signature,
 * and the cipher lets blocks be cut out, swapped and sent again: so it is a reason to ask WeChat Pay, and no more.
 * What stands beside `req_info` does not count. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_16
 */
function readRefundNotice(merchant: V2Merchant, fields: FlatXml): NoticeReading {
  if (fields.get('mch_id') !== merchant.mchId) return notAuthentic('other merchant')
  const inner = decryptRefund(merchant, fields.get('req_info') ?? '')
  if (typeof inner === 'string') return notAuthentic(inner)
  const refund = refundFacts(inner, '')
  if (!refund?.outTradeNo) return notAuthentic('incomplete')
  return { authentic: true, notice: { refund, refundNeedsQuery: true } }
}

function decryptRefund({ key }: V2Merchant, sealed: string): FlatXml | 'not decryptable' | 'malformed' {
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
