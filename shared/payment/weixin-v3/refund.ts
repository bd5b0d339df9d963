import type { RefundFacts, RefundQuery, RefundQueryAnswer, RefundRequest } from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { callV3, type Line, understood, type V3Answer } from './call.js'
import { refundFacts } from './facts.js'
import { named, unlessUnknown } from './query.js'
import { pathPart } from './target.js'

const PATH = '/v3/refund/domestic/refunds'

/**
 * Asks for a refund. The answer says that it was accepted; whether it succeeded, a notice or a query tells. Sent again
 * with the same number and amounts it is the same refund; a new number after an unknown outcome may be a second one.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791903
 */
export async function refund(line: Line, request: RefundRequest): Promise<RefundFacts> {
  const { outTradeNo, transactionId, outRefundNo, totalFee, refundFee, currency } = request
  const order = transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }
  const answer = await callV3(line, {
    method: 'POST',
    target: PATH,
    body: {
      ...order,
      out_refund_no: outRefundNo,
      reason: request.refundDesc,
      notify_url: request.notifyUrl,
      amount: { refund: refundFee, total: totalFee, currency },
    },
    repeat: 'never',
  })
  const facts = factsAbout(answer, outRefundNo)
  if (facts.refundFee !== refundFee) throw unverified('an answer about another amount')
  return facts
}

/**
 * Asks for one refund by our number: V3 has no query by order, and none by WeChat Pay's number.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791904
 */
export async function refundQuery(
  line: Line,
  { outRefundNo }: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const number = named('outRefundNo', outRefundNo)
  const asked = callV3(line, { method: 'GET', target: `${PATH}/${pathPart(number)}`, repeat: 'safe' })
  const answer = await unlessUnknown(asked, 'RESOURCE_NOT_EXISTS')
  if (!answer) return undefined
  const facts = factsAbout(answer, number)
  const { outTradeNo, transactionId, totalFee } = facts
  return { outTradeNo, transactionId, totalFee, refunds: [facts], raw: answer.raw }
}

function factsAbout(answer: V3Answer, outRefundNo: string): RefundFacts {
  const facts = understood(answer, (fields) => refundFacts(fields, 'status'))
  if (facts.outRefundNo !== outRefundNo) throw unverified('an answer about something else')
  return facts
}
