import { withExtra } from '../parameters/extra.js'
import type { RefundFacts, RefundQuery, RefundQueryAnswer, RefundRequest } from '../provider.js'
import { unlessUnknown, unverified } from '../weixin/call.js'
import { callV3, pathPart, readAnswer, requiredNumber, type V3Answer, type V3Client } from './client.js'
import { refundFacts } from './facts.js'

const PATH = '/v3/refund/domestic/refunds'

/**
 * Asks for a refund. The answer says that it was accepted; a notice or a query has the outcome. Sent again
 * with the same number and amounts it is the same refund; a new number after an unknown outcome may be a second one.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791903
 */
export async function refund(client: V3Client, request: RefundRequest): Promise<RefundFacts> {
  const { outTradeNo, transactionId, outRefundNo, totalFee, refundFee, currency } = request
  const order = transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }
  const answer = await callV3(client, {
    method: 'POST',
    target: PATH,
    body: withExtra(
      {
        ...order,
        out_refund_no: outRefundNo,
        reason: request.refundDesc,
        funds_account: accountOf(request),
        goods_detail: goodsOf(request),
        notify_url: request.notifyUrl,
        amount: { refund: refundFee, total: totalFee, currency },
      },
      request.extra,
    ),
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
  client: V3Client,
  { outRefundNo }: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const number = requiredNumber('outRefundNo', outRefundNo)
  const asked = callV3(client, { method: 'GET', target: `${PATH}/${pathPart(number)}`, repeat: 'safe' })
  const answer = await unlessUnknown(asked, 'RESOURCE_NOT_EXISTS')
  if (!answer) return undefined
  const facts = factsAbout(answer, number)
  const { outTradeNo, transactionId, totalFee } = facts
  return { outTradeNo, transactionId, totalFee, refunds: [facts], raw: answer.raw }
}

/** V3 takes AVAILABLE alone; without it the money comes out of what is not settled yet. */
const accountOf = ({ refundAccount }: RefundRequest): string | undefined =>
  refundAccount === undefined || refundAccount === 'REFUND_SOURCE_UNSETTLED_FUNDS' ? undefined : 'AVAILABLE'

const goodsOf = ({ goodsDetail }: RefundRequest): object[] | undefined =>
  goodsDetail?.map((each) => ({
    ...{ merchant_goods_id: each.goodsId, wechatpay_goods_id: each.wxpayGoodsId, goods_name: each.goodsName },
    ...{ unit_price: each.price, refund_amount: each.refundAmount, refund_quantity: each.refundQuantity },
  }))

function factsAbout(answer: V3Answer, outRefundNo: string): RefundFacts {
  const facts = readAnswer(answer, (fields) => refundFacts(fields, 'status'))
  if (facts.outRefundNo !== outRefundNo) throw unverified('an answer about something else')
  return facts
}
