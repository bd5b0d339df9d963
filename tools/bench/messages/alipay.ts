import type { HttpAnswer } from '../../../shared/http/http.js'
import type { HttpCall } from '../../../shared/operation/index.js'
import { signedText } from '../bare/alipay.js'
import { rsaSigned, type Texts } from '../bare/signing.js'
import { app, type Compose, callWith, FORGERY, theirs } from '../parties.js'

const paid = (subject: string): Texts => ({
  app_id: app.appId,
  buyer_id: '2088102534368455',
  buyer_pay_amount: '19.99',
  charset: 'utf-8',
  gmt_create: '2026-01-31 11:59:50',
  gmt_payment: '2026-01-31 11:59:58',
  notify_id: '2026013100222155958068450559358070',
  notify_time: '2026-01-31 12:00:00',
  notify_type: 'trade_status_sync',
  out_trade_no: 'order20260131',
  seller_id: '2088102175489011',
  sign_type: 'RSA2',
  subject,
  total_amount: '19.99',
  trade_no: '2026013122001468450512505578',
  trade_status: 'TRADE_SUCCESS',
  version: '1.0',
})

export const alipayNotice: Compose<HttpCall> = (text, forged) => {
  const sign = rsaSigned(signedText(paid(forged ? FORGERY : text)), theirs.privateKey)
  return callWith(Buffer.from(new URLSearchParams({ ...paid(text), sign }).toString()))
}

/** The member of an answer that says what was asked for. */
export const ANSWER_MEMBER = 'alipay_trade_query_response'

export const answerWith = (text: string): HttpAnswer => ({
  ...{ status: 200, headers: {}, body: Buffer.from(text) },
})

export const alipayAnswer: Compose<HttpAnswer> = (text, forged) => {
  const value = JSON.stringify({ code: '10000', msg: 'Success', ...paid(text) })
  const sign = rsaSigned(forged ? FORGERY : value, theirs.privateKey)
  return answerWith(`{"${ANSWER_MEMBER}":${value},"sign":"${sign}"}`)
}
