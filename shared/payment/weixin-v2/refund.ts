import { invalidParam } from '../../errors/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { FlatXml } from '../../xml/flatXml.js'
import { extraTexts } from '../parameters/extra.js'
import type { RefundFacts, RefundQuery, RefundQueryAnswer, RefundRequest } from '../provider.js'
import { unlessUnknown, unverified } from '../weixin/call.js'
import { appIdOf, callV2, type V2Client } from './client.js'
import { isPaymentNumber, refundFacts, text } from './facts.js'

/**
 * Asks for a refund, under the merchant's client certificate. The answer says that it was accepted; a
 * notice or a query has the outcome. Sent again with the same number and amounts it is the same refund; a new
 * number after an unknown outcome may be a second one.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_4
 */
export async function refund(client: V2Client, request: RefundRequest): Promise<RefundFacts> {
  const { outTradeNo, transactionId, outRefundNo, totalFee, refundFee } = request
  const order = transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }
  const { fields } = await callV2(client, {
    path: '/secapi/pay/refund',
    fields: {
      ...extraTexts(request.extra),
      appid: appIdOf(client, request),
      ...order,
      out_refund_no: outRefundNo,
      total_fee: String(totalFee),
      refund_fee: String(refundFee),
      refund_fee_type: request.currency,
      refund_desc: request.refundDesc,
      refund_account: accountOf(request),
      detail: detailOf(request),
      notify_url: request.notifyUrl,
    },
    repeat: 'never',
    certified: true,
    movesMoney: true,
  })
  const facts = refundFacts(fields, '', 'PROCESSING')
  const isAboutIt =
    facts?.outRefundNo === outRefundNo &&
    facts.refundFee === refundFee &&
    hasPaymentNumber(facts) &&
    (transactionId === undefined ? facts.outTradeNo === outTradeNo : facts.transactionId === transactionId)
  if (!facts || !isAboutIt) throw unverified('an answer about another refund')
  return facts
}

/** AVAILABLE is V3's word for the second of V2's two. */
const accountOf = ({ refundAccount }: RefundRequest): string | undefined =>
  refundAccount === 'AVAILABLE' ? 'REFUND_SOURCE_RECHARGE_FUNDS' : refundAccount

/** As JSON text. */
function detailOf({ goodsDetail }: RefundRequest): string | undefined {
  const goods = goodsDetail?.map((each) => ({
    ...{ goods_id: each.goodsId, wxpay_goods_id: each.wxpayGoodsId, goods_name: each.goodsName },
    ...{ price: each.price, refund_amount: each.refundAmount, refund_quantity: each.refundQuantity },
  }))
  return goods && JSON.stringify({ goods_detail: goods })
}

/** An order has at most 50 refunds, of which an answer holds ten. */
const MAX_REFUNDS = 50

/**
 * Asks for one refund, or for those of an order; the most precise number that is given counts. `offset` passes over
 * that many. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_5
 */
export async function refundQuery(
  client: V2Client,
  query: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const { offset } = query
  const wanted = wantedBy(query)
  const asked = callV2(client, {
    path: '/pay/refundquery',
    fields: {
      appid: appIdOf(client, query),
      [wanted.wire]: wanted.number,
      offset: offset === undefined ? undefined : String(offset),
    },
    repeat: 'safe',
  })
  const answer = await unlessUnknown(asked, 'REFUNDNOTEXIST', 'ORDERNOTEXIST')
  return answer && { ...refundsIn(answer.fields, wanted), raw: answer.raw }
}

interface Wanted {
  wire: string
  number: string
  /** Whether a refund is one of those that were asked about. */
  covers(facts: RefundFacts): boolean
}

function wantedBy(query: RefundQuery): Wanted {
  const names = [
    ['refundId', 'refund_id'],
    ['outRefundNo', 'out_refund_no'],
    ['transactionId', 'transaction_id'],
    ['outTradeNo', 'out_trade_no'],
  ] as const
  for (const [name, wire] of names) {
    const number = query[name]
    if (number !== undefined) return { wire, number, covers: (facts) => facts[name] === number }
  }
  throw invalidParam('outRefundNo', 'required, or one of outTradeNo, transactionId and refundId')
}

/** An authentic answer about other refunds is still no answer to this question. */
function refundsIn(fields: FlatXml, { covers }: Wanted): Omit<RefundQueryAnswer, 'raw'> {
  const count = wholeNumber(fields, 'refund_count')
  if (count === undefined || count > MAX_REFUNDS) throw unverified('an answer without a refund_count')
  const refunds = Array.from({ length: count }, (_, n) => refundFacts(fields, `_${n}`))
  if (!refunds.every((facts) => facts !== undefined && covers(facts) && hasPaymentNumber(facts))) {
    throw unverified('an answer that lacks a refund or is about another one')
  }
  const [first] = refunds
  const { outTradeNo, transactionId, totalFee } = first ?? {}
  return omitUndefined({
    ...{ outTradeNo, transactionId, totalFee },
    totalRefundCount: wholeNumber(fields, 'total_refund_count'),
    refunds: refunds.filter((facts) => facts !== undefined),
  })
}

const hasPaymentNumber = ({ transactionId }: RefundFacts): boolean =>
  transactionId === undefined || isPaymentNumber(transactionId)

function wholeNumber(fields: FlatXml, name: string): number | undefined {
  const digits = text(fields, name)
  return digits !== undefined && /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
}
