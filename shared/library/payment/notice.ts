import { systemClock } from '../../clock.js'
import {
  invalidParam,
  NOTICE_BODY_PARSED,
  NOTICE_NOT_AUTHENTIC,
  type OpenapiError,
  OTHER_NOTICE,
  openapiError,
} from '../../errors/index.js'
import type { Fen } from '../../money.js'
import type { HttpCall, LoggedDiagnosis } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type {
  Notice,
  NoticeReading,
  PaymentFacts,
  PaymentProvider,
  RefundFacts,
} from '../../payment/provider.js'
import { type RefundResult, refundResult } from '../../payment/refunds/refundResult.js'
import { fromFcEvent } from '../../runtime/functionCompute/arrival.js'
import { currentHost } from '../../runtime/host.js'
import { fromUniCloud } from '../../runtime/unicloud/arrival.js'

/** What a payment notice states. */
export interface PaidNotice extends PaymentFacts {
  /**
   * uni-pay's users look at one of these two: both are SUCCESS when the order was paid, and FAIL for everything else,
   * such as Alipay's notice that it was closed.
   */
  returnCode: 'SUCCESS' | 'FAIL'
  resultCode: 'SUCCESS' | 'FAIL'
  /** Fen: what was refunded so far. Alipay sends a payment's notice again for every refund. */
  refundFee?: Fen
}

export type RefundNotice = RefundResult

/** The event of a function of uniCloud that was called by URL. */
export interface UrlEvent {
  httpMethod: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  path?: string
  queryStringParameters?: object
  /** As it came, unparsed; base64 where the next field says so. */
  body?: string
  isBase64Encoded?: boolean
}

/** What a function is given for a notice: uniCloud's event, or the bytes of one that Function Compute hands over. */
export type NoticeEvent = UrlEvent | Uint8Array

/** Reads a payment notice out of an event. NOTICE_REFUSED, OTHER_NOTICE. */
export async function paymentNotice(provider: PaymentProvider, event: unknown): Promise<PaidNotice> {
  const { payment, refund } = await authentic(provider, event)
  if (!payment) throw otherNotice('a refund', 'verifyRefundNotify')
  const isPaid = payment.tradeState === 'SUCCESS' || payment.tradeState === 'FINISHED'
  const code = isPaid ? 'SUCCESS' : 'FAIL'
  return omitUndefined({
    ...payment,
    returnCode: code,
    resultCode: code,
    refundFee: refund?.refundedFee ?? refund?.refundFee,
  })
}

/**
 * Reads a refund notice out of an event. One that carries no signature counts for nothing but its number: what became
 * of that refund, the provider is asked.
 */
export async function refundNotice(provider: PaymentProvider, event: unknown): Promise<RefundNotice> {
  const { refund, refundNeedsQuery } = await authentic(provider, event)
  if (!refund) throw otherNotice('a payment', 'verifyPaymentNotify')
  return refundResult(refundNeedsQuery ? await confirmed(provider, refund) : refund)
}

async function authentic(provider: PaymentProvider, event: unknown): Promise<Notice> {
  const call = callOf(event)
  const reading = await provider.readNotice(call)
  if (reading.authentic) {
    const { contradiction } = reading.notice
    if (contradiction === undefined) return reading.notice
    throw openapiError(
      NOTICE_NOT_AUTHENTIC,
      {},
      { cause: new Error(`it contradicts itself: ${contradiction}`) },
    )
  }
  const { diagnoseNotice } = await import('../../diagnosis/index.js')
  const { clock = systemClock } = currentHost()
  const dependencies = { clock, timeLeft: () => Number.POSITIVE_INFINITY, note: () => undefined }
  const diagnosis = await diagnoseNotice(dependencies, provider, call, reading.reason)
  throw refused(reading, diagnosis, call.isBodyParsed ? NOTICE_BODY_PARSED : NOTICE_NOT_AUTHENTIC)
}

/** uniCloud hands a function an object, Function Compute the bytes of one. */
function callOf(event: unknown): HttpCall {
  const { httpCall } = Buffer.isBuffer(event)
    ? fromFcEvent(event, {})
    : fromUniCloud(event, { SOURCE: 'http' })
  if (httpCall) return httpCall
  throw invalidParam('event', 'expected the event of a function that was called by URL')
}

async function confirmed(provider: PaymentProvider, { outRefundNo }: RefundFacts): Promise<RefundFacts> {
  const answer = await provider.refundQuery?.({ outRefundNo })
  const refund = answer?.refunds.find((each) => each.outRefundNo === outRefundNo)
  if (!answer || !refund) throw refused({ authentic: false, reason: 'incomplete', detail: 'no such refund' })
  const { outTradeNo, transactionId, totalFee } = answer
  return omitUndefined({ outTradeNo, transactionId, totalFee, ...refund })
}

/** The sender may get to see the message: why, and what to change, stays in the cause. */
const refused = (
  { reason, detail }: Extract<NoticeReading, { authentic: false }>,
  diagnosis?: LoggedDiagnosis,
  entry: typeof NOTICE_NOT_AUTHENTIC | typeof NOTICE_BODY_PARSED = NOTICE_NOT_AUTHENTIC,
): OpenapiError =>
  openapiError(
    entry,
    {},
    { cause: Object.assign(new Error(detail === undefined ? reason : `${reason}: ${detail}`), diagnosis) },
  )

const otherNotice = (kind: string, method: string): OpenapiError =>
  openapiError(OTHER_NOTICE, { kind, method })
