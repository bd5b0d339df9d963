import type { HttpCall } from '../../operation/index.js'
import type { NoticeReading, Refusal } from '../provider.js'
import { paymentFacts } from './facts.js'
import type { V2Merchant } from './merchant.js'
import { readMessage } from './message.js'
import { isSigned } from './sign.js'

const refused = (reason: Refusal): NoticeReading => ({ authentic: false, reason })

/**
 * Decides whether a call is WeChat Pay's word about one of this merchant's payments. Nothing in the message chooses
 * how it is checked: the key is the merchant's, the algorithm the configured one, and every received field is
 * covered. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_7
 */
export async function readNotice(merchant: V2Merchant, { rawBody }: HttpCall): Promise<NoticeReading> {
  const fields = readMessage(rawBody)
  if (typeof fields === 'string') return refused(fields)
  if (fields.get('return_code') !== 'SUCCESS') return refused('not a success message')
  if (fields.has('req_info')) return (await import('./refundNotice.js')).readRefundNotice(merchant, fields)
  if (!fields.get('sign')) return refused('signature missing')
  if ((fields.get('sign_type') || merchant.signType) !== merchant.signType) {
    return refused('signature type not ours')
  }
  if (!isSigned(fields, merchant.key, merchant.signType)) return refused('signature wrong')
  if (fields.get('mch_id') !== merchant.mchId) return refused('other merchant')
  if (!merchant.apps.some(({ appId }) => appId === fields.get('appid'))) return refused('other app')
  const payment = paymentFacts(fields, fields.get('result_code') === 'SUCCESS' ? 'SUCCESS' : 'PAYERROR')
  return payment ? { authentic: true, notice: { payment } } : refused('incomplete')
}
