import { callAlipay } from '../../alipay/gateway.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { invalidParam } from '../../errors/index.js'
import { fenToYuan } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import type { ProviderDependencies, RefundFacts, RefundRequest } from '../provider.js'
import { checkSubject, orderNumber } from './query.js'
import { refundQuery } from './refundQuery.js'
import { amount, dateTime, type Said, saidIn } from './said.js'

/**
 * Gives money back. Alipay refunds once per `out_request_no`, so the very same request may be sent again. The refund
 * is done when `fund_change` is Y; otherwise Alipay knows the request from before, or is not finished, and is asked.
 * The `refund_fee` of the answer is all that was refunded of the payment so far, not this refund.
 * https://opendocs.alipay.com/open/4b7cc5db_alipay.trade.refund
 */
export async function refund(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  request: RefundRequest,
): Promise<RefundFacts> {
  if (request.currency !== 'CNY') throw invalidParam('currency', 'Alipay gives back CNY here')
  if (request.refundFee === 0) throw invalidParam('refundFee', 'expected at least 1 fen')
  const { fields } = await callAlipay(
    app,
    {
      method: 'alipay.trade.refund',
      bizContent: omitUndefined({
        ...orderNumber(request),
        refund_amount: fenToYuan(request.refundFee),
        out_request_no: request.outRefundNo,
        refund_reason: request.refundDesc,
      }),
      repeat: 'safe',
      movesMoney: true,
    },
    dependencies,
  )
  const said = saidIn(fields)
  checkSubject(said, request)
  const isDone = said('fund_change') === 'Y' || (await isKnownAsDone(app, dependencies, request))
  return facts(said, request, isDone)
}

/** Whatever goes wrong here, the refund itself was accepted: it is not finished, then. */
async function isKnownAsDone(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  request: RefundRequest,
): Promise<boolean> {
  try {
    const { outTradeNo, transactionId, outRefundNo } = request
    const answer = await refundQuery(app, dependencies, { outTradeNo, transactionId, outRefundNo })
    return answer?.refunds.some(({ state }) => state === 'SUCCEEDED') ?? false
  } catch {
    return false
  }
}

const facts = (said: Said, { outRefundNo, refundFee }: RefundRequest, isDone: boolean): RefundFacts =>
  omitUndefined({
    state: isDone ? 'SUCCEEDED' : 'PROCESSING',
    refundStatus: isDone ? 'SUCCESS' : 'PROCESSING',
    outTradeNo: said('out_trade_no'),
    transactionId: said('trade_no'),
    outRefundNo,
    refundId: said('refund_settlement_id'),
    refundFee,
    refundedFee: amount(said, 'refund_fee'),
    cashRefundFee: amount(said, 'present_refund_buyer_amount'),
    successTime: isDone ? dateTime(said, 'gmt_refund_pay') : undefined,
  })
