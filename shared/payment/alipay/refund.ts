import { type AlipayClient, callAlipay } from '../../alipay/client.js'
import { unverified } from '../../alipay/signature.js'
import { invalidParam } from '../../errors/index.js'
import { fen, fenToYuan } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import { withExtra } from '../parameters/extra.js'
import type { RefundFacts, RefundQuery, RefundQueryAnswer, RefundRequest, RoyaltyFacts } from '../provider.js'
import { askedFields } from './askedFields.js'
import { amount, dateTime, type FieldReader, fieldsIn } from './facts.js'
import { checkSubject, orderNumber, unlessUnknown } from './order.js'

/**
 * Gives money back. Alipay refunds once per `out_request_no`, so the very same request may be sent again. The refund
 * is done when `fund_change` is Y; otherwise Alipay knows the request from before, or is not finished, and is asked:
 * what it does not say to be done or failed so soon is under way.
 * The `refund_fee` of the answer is all that was refunded of the payment so far, not this refund.
 * https://opendocs.alipay.com/open/4b7cc5db_alipay.trade.refund
 */
export async function refund(client: AlipayClient, request: RefundRequest): Promise<RefundFacts> {
  if (request.currency !== 'CNY') throw invalidParam('currency', 'Alipay gives back CNY here')
  if (request.refundFee === 0) throw invalidParam('refundFee', 'expected at least 1 fen')
  const { fields } = await callAlipay(client, {
    method: 'alipay.trade.refund',
    bizContent: withExtra(
      omitUndefined({
        ...orderNumber(request),
        refund_amount: fenToYuan(request.refundFee),
        out_request_no: request.outRefundNo,
        refund_reason: request.refundDesc,
        refund_goods_detail: request.goodsDetail?.map(({ goodsId, refundAmount }) => ({
          goods_id: goodsId,
          refund_amount: fenToYuan(fen(refundAmount)),
        })),
        store_id: request.storeId,
        query_options: request.queryOptions,
      }),
      request.extra,
    ),
    repeat: 'safe',
    movesMoney: true,
  })
  const field = fieldsIn(fields)
  checkSubject(field, request)
  const asked = askedFields(fields, request.queryOptions)
  const result = field('fund_change') === 'Y' ? results.REFUND_SUCCESS : await knownResult(client, request)
  return omitUndefined({ ...madeFacts(field, request, result), asked })
}

/** What became of a refund: its state here, and V2's name for it, which is the one the reference documents promise. */
type Result = Pick<RefundFacts, 'state' | 'refundStatus'>

/** Alipay's words for it; with any other, and with none, nobody knows. https://opendocs.alipay.com/open/8c776df6_alipay.trade.fastpay.refund.query */
const results = {
  REFUND_SUCCESS: { state: 'SUCCEEDED', refundStatus: 'SUCCESS' },
  REFUND_PROCESSING: { state: 'PROCESSING', refundStatus: 'PROCESSING' },
  REFUND_FAIL: { state: 'CLOSED', refundStatus: 'REFUNDCLOSE' },
} as const satisfies Record<string, Result>

function resultOf(field: FieldReader): Result {
  const word = field('refund_status') ?? ''
  return Object.hasOwn(results, word)
    ? results[word as keyof typeof results]
    : { state: 'UNKNOWN', refundStatus: 'UNKNOWN' }
}

/** Whatever goes wrong here, the refund itself was accepted: it is not finished, then. */
async function knownResult(client: AlipayClient, request: RefundRequest): Promise<Result> {
  try {
    const { outTradeNo, transactionId, outRefundNo } = request
    const answer = await refundQuery(client, { outTradeNo, transactionId, outRefundNo })
    const known = answer?.refunds.find(({ state }) => state === 'SUCCEEDED' || state === 'CLOSED')
    return known ?? results.REFUND_PROCESSING
  } catch {
    return results.REFUND_PROCESSING
  }
}

const madeFacts = (
  field: FieldReader,
  { outRefundNo, refundFee }: RefundRequest,
  { state, refundStatus }: Result,
): RefundFacts =>
  omitUndefined({
    ...{ state, refundStatus },
    outTradeNo: field('out_trade_no'),
    transactionId: field('trade_no'),
    outRefundNo,
    refundId: field('refund_settlement_id'),
    refundFee,
    refundedFee: amount(field, 'refund_fee'),
    cashRefundFee: amount(field, 'present_refund_buyer_amount'),
    successTime: state === 'SUCCEEDED' ? dateTime(field, 'gmt_refund_pay') : undefined,
  })

/**
 * Asks for one refund. Alipay answers `code` 10000 also when it knows no such refund, then without an amount. Without
 * `REFUND_SUCCESS`, some ten seconds after it was asked for, the refund may have failed: only a repeat of the same
 * request can tell. The number of a refund that was given none is the order's own.
 * https://opendocs.alipay.com/open/8c776df6_alipay.trade.fastpay.refund.query
 */
export async function refundQuery(
  client: AlipayClient,
  query: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const outRefundNo = query.outRefundNo ?? query.outTradeNo
  if (outRefundNo === undefined) throw invalidParam('outRefundNo', 'required')
  const call = {
    method: 'alipay.trade.fastpay.refund.query',
    bizContent: {
      ...orderNumber(query),
      out_request_no: outRefundNo,
      query_options: [...new Set(['gmt_refund_pay', ...(query.queryOptions ?? [])])],
    },
    repeat: 'safe',
  } as const
  const answer = await unlessUnknown(callAlipay(client, call))
  const field = answer && fieldsIn(answer.fields)
  if (!field || (field('refund_status') === undefined && field('refund_amount') === undefined))
    return undefined
  checkSubject(field, query)
  if ((field('out_request_no') ?? outRefundNo) !== outRefundNo)
    throw unverified('an answer about another refund')
  return omitUndefined({
    outTradeNo: field('out_trade_no'),
    transactionId: field('trade_no'),
    totalFee: amount(field, 'total_amount'),
    refunds: [
      omitUndefined({
        ...foundFacts(field, outRefundNo),
        ...refundRoyaltys(answer.fields.refund_royaltys),
        asked: askedFields(answer.fields, query.queryOptions),
      }),
    ],
    raw: answer.raw,
  })
}

function foundFacts(field: FieldReader, outRefundNo: string): RefundFacts {
  return omitUndefined({
    ...resultOf(field),
    outTradeNo: field('out_trade_no'),
    transactionId: field('trade_no'),
    outRefundNo,
    refundId: field('refund_settlement_id'),
    totalFee: amount(field, 'total_amount'),
    refundFee: amount(field, 'refund_amount'),
    refundDesc: field('refund_reason'),
    successTime: dateTime(field, 'gmt_refund_pay'),
  })
}

/** The shares of others that were taken back with a refund; nothing where there were none. */
function refundRoyaltys(list: unknown): Pick<RefundFacts, 'refundRoyaltys'> {
  if (!Array.isArray(list) || list.length === 0) return {}
  return { refundRoyaltys: list.map(royalty) }
}

function royalty(item: unknown): RoyaltyFacts {
  const field = fieldsIn((item ?? {}) as Readonly<Record<string, unknown>>)
  return omitUndefined({
    refundAmount: amount(field, 'refund_amount'),
    royaltyType: field('royalty_type'),
    resultCode: field('result_code'),
    transOut: field('trans_out'),
    transOutEmail: field('trans_out_email'),
    transIn: field('trans_in'),
    transInEmail: field('trans_in_email'),
  })
}
