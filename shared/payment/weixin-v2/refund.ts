import type { ProviderDependencies, RefundFacts, RefundRequest } from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { callV2 } from './call.js'
import type { V2Merchant } from './merchant.js'
import { refundFacts } from './refundFacts.js'

/**
 * Asks for a refund, under the merchant's client certificate. The answer says that it was accepted; whether it
 * succeeded, a notice or a query tells. Sent again with the same number and amounts it is the same refund; a new
 * number after an unknown outcome may be a second one.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_4
 */
export async function refund(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  appid: string,
  request: RefundRequest,
): Promise<RefundFacts> {
  const { outTradeNo, transactionId, outRefundNo, totalFee, refundFee } = request
  const order = transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }
  const { fields } = await callV2(
    merchant,
    dependencies,
    '/secapi/pay/refund',
    {
      appid,
      ...order,
      out_refund_no: outRefundNo,
      total_fee: String(totalFee),
      refund_fee: String(refundFee),
      refund_fee_type: request.currency,
      refund_desc: request.refundDesc,
      notify_url: request.notifyUrl,
    },
    { certified: true, movesMoney: true },
  )
  const facts = refundFacts(fields, '', 'PROCESSING')
  const isAboutIt =
    facts?.outRefundNo === outRefundNo &&
    facts.refundFee === refundFee &&
    (transactionId === undefined ? facts.outTradeNo === outTradeNo : facts.transactionId === transactionId)
  if (!facts || !isAboutIt) throw unverified('an answer about another refund')
  return facts
}
