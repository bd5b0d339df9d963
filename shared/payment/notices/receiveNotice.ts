import { NO_CALL_BY_URL, NOTICE_REFUSED, type OpenapiError, openapiError } from '../../errors/index.js'
import { deliverAtOnce } from '../../events/delivery.js'
import { callEvidence, keepRefusal, refusedEvidence } from '../../events/evidence.js'
import type { Context, HttpCall, HttpReply, LoggedDiagnosis } from '../../operation/index.js'
import { applyStated } from '../applyAnswer.js'
import { expectedOf, provenanceOf } from '../orders/applyPayment.js'
import { type ApplyOutcome, type NoticeVerdict, recordContradiction } from '../orders/claim.js'
import type { Notice, NoticeReading, PaymentProvider } from '../provider.js'
import { addressee, entryOf } from '../registry.js'
import type { DoctorEcho } from './doctorEcho.js'

/** What came of a notice; the provider only gets 'received' or 'come again'. */
interface ReceivedNotice {
  provider: string
  merchantId: string
  verdict: NoticeVerdict
  outTradeNo?: string | undefined
  transactionId?: string | undefined
  outRefundNo?: string | undefined
}

/** What a call led to: a notice, or the answer to a probe of our own. */
export type NoticeOutcome = ReceivedNotice | DoctorEcho

/**
 * Takes a provider's call: verifies it, reads it, applies it. Nothing is acknowledged before it is
 * durable; whoever forges a notice gets one and the same refusal, whatever was wrong with it.
 */
export async function receiveNotice(context: Context): Promise<NoticeOutcome> {
  const { httpCall } = context
  if (!httpCall) throw openapiError(NO_CALL_BY_URL, { caller: 'the provider' })
  const provider = await providerOf(httpCall, context)
  if (!provider) return echoOrRefusal(context, httpCall)
  const reading = await provider.readNotice(httpCall)
  if (!reading.authentic) throw await refusedBy(context, httpCall, provider, reading)
  return applyVerified(context, httpCall, provider, reading.notice)
}

async function refusedBy(
  context: Context,
  httpCall: HttpCall,
  provider: PaymentProvider,
  { reason, detail }: Extract<NoticeReading, { authentic: false }>,
): Promise<OpenapiError> {
  const { diagnoseNotice } = await import('../../diagnosis/index.js')
  const diagnosis = await diagnoseNotice(context, provider, httpCall, reason)
  const why = detail === undefined ? reason : `${reason}: ${detail}`
  return refused(context, httpCall, provider.id, why, diagnosis)
}

async function providerOf({ path }: HttpCall, context: Context): Promise<PaymentProvider | undefined> {
  const address = addressee(path)
  return address && entryOf(address.provider)?.entry.open(context.settings, context, address.merchantId)
}

/** Nobody's address: a probe of `npm run doctor`, signed with a secret of this deployment, or a refusal like any. */
async function echoOrRefusal(context: Context, httpCall: HttpCall): Promise<DoctorEcho> {
  const { doctorEcho } = await import('./doctorEcho.js')
  const echo = doctorEcho(context, httpCall)
  if (!echo) throw await refused(context, httpCall, 'nobody', 'unknown address')
  context.note('doctor.echo', { bytes: echo.bytes })
  return echo
}

/** Applies a notice that was verified, and delivers its events: the one door for those that arrive and those replayed. */
export async function applyVerified(
  context: Context,
  httpCall: HttpCall,
  provider: PaymentProvider,
  notice: Notice,
): Promise<ReceivedNotice> {
  const outcomes = await applyNotice(context, httpCall, provider, notice)
  const verdict = overallVerdict(outcomes)
  const { payment, refund } = notice
  const { outTradeNo, transactionId } = { ...payment, ...refund }
  const about = { outTradeNo, transactionId, ...(refund ? { outRefundNo: refund.outRefundNo } : {}) }
  context.note('payment.notice', { provider: provider.id, verdict, ...about })
  for (const { eventSource } of outcomes) await deliverAtOnce(context, eventSource)
  return { ...about, provider: provider.id, merchantId: provider.merchantId, verdict }
}

/** A refund counts only where the payment stated with it can be true: it would pay the order as well. */
async function applyNotice(
  context: Context,
  httpCall: HttpCall,
  provider: PaymentProvider,
  { payment, refund, refundNeedsQuery, contradiction, sellerId }: Notice,
): Promise<ApplyOutcome<NoticeVerdict>[]> {
  const provenance = {
    ...provenanceOf(context, provider, 'notice', callEvidence(httpCall)),
    ...(sellerId === undefined ? {} : { sellerId }),
  }
  if (contradiction !== undefined) {
    const store = await context.store()
    const { outTradeNo = '', state: _ours, ...facts } = { state: undefined, ...payment, ...refund }
    const claim = { kind: payment ? 'payment' : 'refund', outTradeNo, facts, expected: expectedOf } as const
    return [await recordContradiction(store, provenance, claim, contradiction)]
  }
  const outcomes: ApplyOutcome<NoticeVerdict>[] = payment
    ? await applyStated(context, provider, provenance, payment, refund)
    : []
  if (!refund || overallVerdict(outcomes) === 'contradiction') return outcomes
  const { receiveRefund } = await import('./receiveRefund.js')
  return [...outcomes, await receiveRefund(context, provenance, refund, refundNeedsQuery === true)]
}

/** Of a notice about a payment and a refund at once, the first of these that applies. */
const verdicts = ['contradiction', 'applied', 'received', 'unmatched', 'nothing'] as const

const overallVerdict = (outcomes: readonly ApplyOutcome<NoticeVerdict>[]): NoticeVerdict =>
  verdicts.find((verdict) => outcomes.some((outcome) => outcome.verdict === verdict)) ?? 'nothing'

async function refused(
  context: Context,
  httpCall: HttpCall,
  provider: string,
  reason: string,
  diagnosis?: LoggedDiagnosis,
): Promise<OpenapiError> {
  context.note('payment.noticeRefused', { provider, reason, bytes: httpCall.rawBody.length, ...diagnosis })
  const kept = diagnosis ? `${reason}; ${diagnosis.finding}` : reason
  await keepRefusal(context, { provider, reason: kept }, refusedEvidence(httpCall))
  return openapiError(NOTICE_REFUSED)
}

/** For an address nobody answers at: no provider's language is known. */
const NOBODY: HttpReply = { status: 400, headers: { 'content-type': 'text/plain' }, body: 'fail' }

/** The provider's own form of 'received' for everything that is applied, else of 'come again'. */
export function replyToNotice(result: unknown, { httpCall }: Context): HttpReply {
  if (isEcho(result)) return echoReply(result)
  const known = entryOf((httpCall && addressee(httpCall.path)?.provider) ?? '')
  if (!known) return NOBODY
  const { accepted, refused } = known.entry.replies
  return isSettled(result) ? accepted : refused
}

const isEcho = (result: unknown): result is DoctorEcho =>
  typeof result === 'object' && result !== null && 'doctorEcho' in result

const echoReply = (echo: DoctorEcho): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(echo),
})

function isSettled(result: unknown): boolean {
  const verdict =
    typeof result === 'object' && result !== null && 'verdict' in result ? result.verdict : undefined
  return verdict !== undefined && verdict !== 'contradiction'
}
