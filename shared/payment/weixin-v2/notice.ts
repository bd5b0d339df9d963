import { md5Hex, openAes256Ecb } from '../../crypto/index.js'
import type { HttpCall } from '../../operation/index.js'
import { type FlatXml, readFlatXml } from '../../xml/flatXml.js'
import {
  isPaidState,
  type NoticeReading,
  notAuthentic,
  type TradeState,
  weixinTradeStates,
} from '../provider.js'
import { paymentFacts, refundFacts, text } from './facts.js'
import { hidesFields, readMessage, signedReading, type V2Merchant } from './signature.js'

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
  const signed = signedReading(fields, merchant.key, merchant.signType)
  return signed ? paymentNotice(merchant, signed) : notAuthentic('signature wrong')
}

function paymentNotice(merchant: V2Merchant, fields: FlatXml): NoticeReading {
  if (fields.get('mch_id') !== merchant.mchId) return notAuthentic('other merchant')
  if (!merchant.apps.some(({ appId }) => appId === fields.get('appid'))) return notAuthentic('other app')
  if (hidesFields(fields)) return notAuthentic('malformed', 'it can be read in several ways')
  return readPayment(fields)
}

/**
 * What became of a payment. `result_code` says whether it succeeded; notices of deductions have a `trade_state` too, and
 * `result_code` SUCCESS whatever it is.
 */
function readPayment(fields: FlatXml): NoticeReading {
  const [result = '', named] = [fields.get('result_code'), text(fields, 'trade_state')]
  const state = named === undefined ? 'SUCCESS' : tradeStateOf(named)
  if (!state) return notAuthentic('incomplete', 'trade_state')
  const isRefused = result === 'FAIL' && (named === undefined || !isPaidState(state))
  const payment = paymentFacts(fields, result === 'SUCCESS' ? state : 'PAYERROR')
  if (!payment) return notAuthentic('incomplete')
  if (result === 'SUCCESS' || isRefused) return { authentic: true, notice: { payment } }
  const contradiction = `result_code ${result || 'missing'}${named === undefined ? '' : `, trade_state ${named}`}`
  return { authentic: true, notice: { payment, contradiction } }
}

/** PAY_FAIL is the word of deductions for PAYERROR. */
const tradeStateOf = (word: string): TradeState | undefined =>
  word === 'PAY_FAIL' ? 'PAYERROR' : weixinTradeStates.find((state) => state === word)

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
