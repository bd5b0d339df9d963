import type { AlipayClient } from '../../alipay/client.js'
import { readMessage } from '../../alipay/message.js'
import { hidesFields } from '../../alipay/severalReadings.js'
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
  if (hidesFields(message.fields)) return notAuthentic('malformed', 'it can be read in several ways')
  const field = fieldsInForm(message.fields)
  if (app.sellerId !== undefined && field('seller_id') !== app.sellerId) return notAuthentic('other merchant')
  if (field('notify_type') !== 'trade_status_sync') return notAuthentic('kind not supported')
  const notice = noticeOf(app, field)
  if (!notice) return notAuthentic('incomplete')
  const sellerId = app.sellerId === undefined ? field('seller_id') : undefined
  return { authentic: true, notice: sellerId === undefined ? notice : { ...notice, sellerId } }
}

function noticeOf(app: AlipayApp, field: FieldReader): Notice | undefined {
  try {
    const refund = refundFacts(field)
    const state = tradeState(field)
    // Closed is also what was never paid; what was paid and given back must not look like that.
    const isGivenBack = state === 'CLOSED' && dateTime(field, 'gmt_refund') !== undefined
    const payment = state && paymentFacts(app.appId, field, isGivenBack ? 'REFUND' : state)
    if (!payment) return undefined
    const notice = { payment, ...(refund && { refund }) }
    // What nobody has paid yet cannot have been given back.
    return refund && state === 'USERPAYING'
      ? { ...notice, contradiction: 'trade_status WAIT_BUYER_PAY, and refund_fee' }
      : notice
  } catch {
    return undefined
  }
}
