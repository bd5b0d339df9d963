import { forbidden, OpenapiError } from '../errors/index.js'
import type { Context, HttpCall, HttpReply } from '../operation/index.js'
import { deliverNews } from './deliverNews.js'
import { callEvidence, refusedEvidence, sealEvidence } from './evidence.js'
import { settle, type Verdict } from './notices.js'
import { addressee } from './notifyUrl.js'
import type { Notice, NoticeReading, PaymentFacts, PaymentProvider } from './provider.js'
import { keepRefusal } from './refusal.js'
import { entryOf } from './registry.js'

/** What came of a notice, for the log and the tests; the provider only gets its own words. */
export interface ReceivedNotice extends Partial<PaymentFacts> {
  provider: string
  merchantId: string
  verdict: Verdict
}

/**
 * Takes a provider's call: is it authentic, what does it say, does it count. Nothing is acknowledged before it is
 * durable; whoever forges a notice gets one and the same refusal, whatever was wrong with it.
 */
export async function receiveNotice(context: Context): Promise<ReceivedNotice> {
  const { httpCall } = context
  if (!httpCall) throw forbidden('only the provider calls this, by URL')
  const provider = await providerOf(httpCall, context)
  if (!provider) throw await refused(context, httpCall, 'nobody', 'unknown address')
  const reading = await provider.readNotice(httpCall)
  if (!reading.authentic) throw await refused(context, httpCall, provider.id, whyOf(reading))
  return apply(context, httpCall, provider, reading.notice)
}

const whyOf = ({ reason, detail }: Extract<NoticeReading, { authentic: false }>): string =>
  detail === undefined ? reason : `${reason}: ${detail}`

async function providerOf({ path }: HttpCall, context: Context): Promise<PaymentProvider | undefined> {
  const address = addressee(path)
  return address && entryOf(address.provider)?.entry.open(context.settings, context, address.merchantId)
}

async function apply(
  context: Context,
  httpCall: HttpCall,
  { id, merchantId }: PaymentProvider,
  { payment }: Notice,
): Promise<ReceivedNotice> {
  const common = { provider: id, merchantId }
  if (!payment) throw await refused(context, httpCall, id, 'kind not supported')
  const { verdict, news } = await settle(await context.store(), {
    ...common,
    facts: payment,
    by: 'notice',
    evidence: sealEvidence(callEvidence(httpCall), context.settings, context.random),
    at: context.clock.now(),
  })
  const { outTradeNo, transactionId } = payment
  context.note('payment.notice', { provider: id, verdict, outTradeNo, transactionId })
  if (news) await deliverNews(context, news)
  return { ...payment, ...common, verdict }
}

async function refused(
  context: Context,
  httpCall: HttpCall,
  provider: string,
  reason: string,
): Promise<OpenapiError> {
  context.note('payment.noticeRefused', { provider, reason, bytes: httpCall.rawBody.length })
  await keepRefusal(context, { provider, reason }, refusedEvidence(httpCall))
  return new OpenapiError({ errCode: 'NOTICE_REFUSED', errMsg: 'not accepted', status: 400 })
}

/** For an address nobody answers at: no provider's language is known. */
const NOBODY: HttpReply = { status: 400, headers: { 'content-type': 'text/plain' }, body: 'fail' }

/** The provider's own words: 'received' for everything that is settled, else 'come again'. */
export function replyToNotice(result: unknown, { httpCall }: Context): HttpReply {
  const known = entryOf((httpCall && addressee(httpCall.path)?.provider) ?? '')
  if (!known) return NOBODY
  const { accepted, refused } = known.entry.replies
  return isSettled(result) ? accepted : refused
}

function isSettled(result: unknown): boolean {
  const verdict =
    typeof result === 'object' && result !== null && 'verdict' in result ? result.verdict : undefined
  return verdict !== undefined && verdict !== 'contradiction'
}
