import type { AlipayClient } from '../../alipay/client.js'
import { readMessage } from '../../alipay/message.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import type { HttpCall } from '../../operation/index.js'
import { type Notice, type NoticeReading, notAuthentic } from '../provider.js'
import { dateTime, type FieldReader, fieldsInForm, paymentFacts, refundFacts, tradeState } from './facts.js'

/**
 * Decides whether a call is an authentic notice about one of this application's payments. Refunds have no notice of their
 * own: the payment's is sent again with what was refunded so far, TRADE_SUCCESS after a part, TRADE_CLOSED after the
 * whole. https://opendocs.alipay.com/open/204/105301
 */
export async function readNotice(
  client: AlipayClient,
  { rawBody, headers }: HttpCall,
): Promise<NoticeReading> {
  const { app } = client
  const message = await readMessage(client, rawBody, headers['content-type'])
  if (!message.authentic) return message
  const field = fieldsInForm(message.fields)
  if (app.sellerId !== undefined && field('seller_id') !== app.sellerId) return notAuthentic('other merchant')
  if (field('notify_type') !== 'trade_status_sync') return notAuthentic('kind not supported')
  const notice = noticeOf(app, field)
  return notice ? { authentic: true, notice } : notAuthentic('incomplete')
}

function noticeOf(app: AlipayApp, field: FieldReader): Notice | undefined {
  try {
    const refund = refundFacts(field)
    const state = tradeState(field)
    // Closed is also what was never paid; what was paid and given back must not look like that.
    const payment =
      state &&
      paymentFacts(app.appId, field, state === 'CLOSED' && dateTime(field, 'gmt_refund') ? 'REFUND' : state)
    return payment && { payment, ...(refund && { refund }) }
  } catch {
    return undefined
  }
}
