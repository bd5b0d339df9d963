import { unverified } from '../../alipay/exchange.js'
import { callAlipay } from '../../alipay/gateway.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { invalidParam } from '../../errors/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { ProviderDependencies, RefundFacts, RefundQuery, RefundQueryAnswer } from '../provider.js'
import { checkSubject, isUnknownTrade, orderNumber } from './query.js'
import { refundRoyaltys } from './royalties.js'
import { amount, dateTime, type Said, saidIn } from './said.js'

/**
 * Asks for one refund. Alipay answers `code` 10000 also when it knows no such refund, then without an amount. The
 * number of a refund that was given none is the order's own.
 * https://opendocs.alipay.com/open/8c776df6_alipay.trade.fastpay.refund.query
 */
export async function refundQuery(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  query: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const outRefundNo = query.outRefundNo ?? query.outTradeNo
  if (outRefundNo === undefined) throw invalidParam('outRefundNo', 'required')
  const call = {
    method: 'alipay.trade.fastpay.refund.query',
    bizContent: {
      ...orderNumber(query),
      out_request_no: outRefundNo,
      query_options: ['gmt_refund_pay'],
    },
    repeat: 'safe',
  } as const
  const answer = await callAlipay(app, call, dependencies).catch((error: unknown) => {
    if (isUnknownTrade(error)) return undefined
    throw error
  })
  const said = answer && saidIn(answer.fields)
  if (!said || (said('refund_status') === undefined && said('refund_amount') === undefined)) return undefined
  checkSubject(said, query)
  if ((said('out_request_no') ?? outRefundNo) !== outRefundNo)
    throw unverified('an answer about another refund')
  return omitUndefined({
    outTradeNo: said('out_trade_no'),
    transactionId: said('trade_no'),
    totalFee: amount(said, 'total_amount'),
    refunds: [{ ...facts(said, outRefundNo), ...refundRoyaltys(answer.fields.refund_royaltys) }],
    raw: answer.raw,
  })
}

function facts(said: Said, outRefundNo: string): RefundFacts {
  const isDone = said('refund_status') === 'REFUND_SUCCESS'
  return omitUndefined({
    state: isDone ? 'SUCCEEDED' : 'PROCESSING',
    refundStatus: isDone ? 'SUCCESS' : 'PROCESSING',
    outTradeNo: said('out_trade_no'),
    transactionId: said('trade_no'),
    outRefundNo,
    refundId: said('refund_settlement_id'),
    totalFee: amount(said, 'total_amount'),
    refundFee: amount(said, 'refund_amount'),
    refundDesc: said('refund_reason'),
    successTime: dateTime(said, 'gmt_refund_pay'),
  })
}
