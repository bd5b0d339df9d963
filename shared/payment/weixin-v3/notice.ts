import type { HttpCall } from '../../operation/index.js'
import { isPaidState, type Notice, type NoticeReading, notAuthentic } from '../provider.js'
import { paymentFacts, refundFacts } from './facts.js'
import { type Fields, Incomplete, inner, parsedObject, requiredText, text } from './fields.js'
import { decryptResource, type FindKey, type V3Merchant, verifySignature } from './signature.js'

/** Far above any notice, and little enough to be hashed at once. */
const MAX_BODY = 128 * 1024

/**
 * Decides whether a call is an authentic notice about a payment or refund of this merchant's. Nothing is parsed before
 * the bytes are verified, and nothing in the message but its serial chooses the key. `now` in milliseconds.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791902
 */
export async function readNotice(
  merchant: V3Merchant,
  findKey: FindKey,
  now: number,
  { headers, rawBody }: HttpCall,
): Promise<NoticeReading> {
  if (rawBody.length === 0) return notAuthentic('empty')
  if (rawBody.length > MAX_BODY) return notAuthentic('too large')
  const failure = await verifySignature({ headers, body: rawBody }, now, findKey)
  if (failure) return notAuthentic(failure.reason, failure.detail)
  const envelope = parsedObject(rawBody)
  if (!envelope) return notAuthentic('malformed')
  try {
    return noticeIn(merchant, envelope)
  } catch (error) {
    if (error instanceof Incomplete) return notAuthentic('incomplete', error.field)
    throw error
  }
}

function noticeIn(merchant: V3Merchant, envelope: Fields): NoticeReading {
  const event = text(envelope, 'event_type') ?? ''
  const kind = kindOf(event, text(inner(envelope, 'resource'), 'original_type'))
  if (!kind) return notAuthentic('kind not supported', event)
  const plain = decryptResource(merchant, inner(envelope, 'resource'))
  if (!plain) return notAuthentic('not decryptable')
  const fields = parsedObject(plain)
  if (!fields) return notAuthentic('malformed', 'resource')
  if (text(fields, 'mchid') !== merchant.mchId) return notAuthentic('other merchant')
  return kind === 'refund' ? refundNotice(event, fields) : paymentNotice(merchant, event, fields)
}

/** What the envelope says it is about; nothing when its two names for it disagree or are not known. */
function kindOf(event: string, original: string | undefined): 'payment' | 'refund' | undefined {
  if (event.startsWith('TRANSACTION.') && original === 'transaction') return 'payment'
  return event.startsWith('REFUND.') && original === 'refund' ? 'refund' : undefined
}

function paymentNotice(merchant: V3Merchant, event: string, fields: Fields): NoticeReading {
  const payment = paymentFacts(fields)
  const isOurs = merchant.apps.some(({ appId }) => appId === payment.appId)
  if (!isOurs) return notAuthentic('other app', payment.appId)
  const agrees = (event === 'TRANSACTION.SUCCESS') === isPaidState(payment.tradeState)
  return noticeOf({ payment }, agrees, `event_type ${event}, trade_state ${payment.tradeState}`)
}

function refundNotice(event: string, fields: Fields): NoticeReading {
  const status = requiredText(fields, 'refund_status')
  const refund = refundFacts(fields, 'refund_status')
  return noticeOf({ refund }, event === `REFUND.${status}`, `event_type ${event}, refund_status ${status}`)
}

/** What is sealed has to say what the envelope says: which of the two is right, nobody here can know. */
const noticeOf = (notice: Notice, agrees: boolean, contradiction: string): NoticeReading => ({
  authentic: true,
  notice: agrees ? notice : { ...notice, contradiction },
})
