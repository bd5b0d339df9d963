import type { AlipayOutside } from '../../alipay/exchange.js'
import { readMessage } from '../../alipay/message.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import type { HttpCall } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { Notice, NoticeReading, RefundFacts, Refusal } from '../provider.js'
import { paymentFacts, tradeState } from './facts.js'
import { amount, dateTime, type Said, saidInForm } from './said.js'

const refused = (reason: Refusal): NoticeReading => ({ authentic: false, reason })

/**
 * Decides whether a call is Alipay's word about one of this application's payments. Refunds have no notice of their
 * own: the payment's is sent again with what was refunded so far, TRADE_SUCCESS after a part, TRADE_CLOSED after the
 * whole. https://opendocs.alipay.com/open/204/105301
 */
export async function readNotice(
  app: AlipayApp,
  dependencies: AlipayOutside,
  { rawBody, headers }: HttpCall,
): Promise<NoticeReading> {
  const message = await readMessage(app, rawBody, headers['content-type'], dependencies)
  if (!message.authentic) return message
  const said = saidInForm(message.fields)
  if (app.sellerId !== undefined && said('seller_id') !== app.sellerId) return refused('other merchant')
  if (said('notify_type') !== 'trade_status_sync') return refused('kind not supported')
  const notice = noticeOf(app, said)
  return notice ? { authentic: true, notice } : refused('incomplete')
}

function noticeOf(app: AlipayApp, said: Said): Notice | undefined {
  try {
    const refund = refundFacts(said)
    const state = tradeState(said)
    // Closed is also what was never paid; what was paid and given back must not look like that.
    const payment =
      state &&
      paymentFacts(app.appId, said, state === 'CLOSED' && dateTime(said, 'gmt_refund') ? 'REFUND' : state)
    return payment && { payment, ...(refund && { refund }) }
  } catch {
    return undefined
  }
}

/** Without `out_biz_no` only a refund of the whole tells its number, which then is the order's. */
function refundFacts(said: Said): RefundFacts | undefined {
  const successTime = dateTime(said, 'gmt_refund')
  const refundedFee = amount(said, 'refund_fee')
  const totalFee = amount(said, 'total_amount')
  if (!successTime || !refundedFee) return undefined
  const outRefundNo = said('out_biz_no') ?? (refundedFee === totalFee ? said('out_trade_no') : undefined)
  if (outRefundNo === undefined) return undefined
  return omitUndefined<RefundFacts>({
    state: 'SUCCEEDED',
    refundStatus: 'SUCCESS',
    outTradeNo: said('out_trade_no'),
    transactionId: said('trade_no'),
    outRefundNo,
    totalFee,
    refundedFee,
    successTime,
  })
}
