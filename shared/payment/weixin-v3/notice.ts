import type { HttpCall } from '../../operation/index.js'
import type { Notice, NoticeReading, Refusal } from '../provider.js'
import { doubtAbout, type FindKey } from './authenticity.js'
import { paymentFacts, refundFacts } from './facts.js'
import { type Fields, Incomplete, inner, parsedObject, text } from './fields.js'
import type { V3Merchant } from './merchant.js'
import { opened } from './sealed.js'

/** Far above any notice, and little enough to be hashed at once. */
const MAX_BODY = 128 * 1024

const refused = (reason: Refusal, detail?: string): NoticeReading => ({
  authentic: false,
  reason,
  ...(detail === undefined ? {} : { detail }),
})

/**
 * Decides whether a call is WeChat Pay's word about a payment or refund of this merchant's. Nothing is parsed before
 * the bytes are verified, and nothing in the message but its serial chooses the key. `now` in milliseconds.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791902
 */
export async function readNotice(
  merchant: V3Merchant,
  findKey: FindKey,
  now: number,
  { headers, rawBody }: HttpCall,
): Promise<NoticeReading> {
  if (rawBody.length === 0) return refused('empty')
  if (rawBody.length > MAX_BODY) return refused('too large')
  const doubt = await doubtAbout({ headers, body: rawBody }, now, findKey)
  if (doubt) return refused(doubt.reason, doubt.detail)
  const envelope = parsedObject(rawBody)
  if (!envelope) return refused('malformed')
  try {
    return unsealed(merchant, envelope)
  } catch (error) {
    if (error instanceof Incomplete) return refused('incomplete', error.field)
    throw error
  }
}

function unsealed(merchant: V3Merchant, envelope: Fields): NoticeReading {
  const kind = kindOf(envelope)
  if (!kind) return refused('kind not supported', text(envelope, 'event_type'))
  const plain = opened(merchant, inner(envelope, 'resource'))
  if (!plain) return refused('not decryptable')
  const fields = parsedObject(plain)
  if (!fields) return refused('malformed', 'resource')
  if (text(fields, 'mchid') !== merchant.mchId) return refused('other merchant')
  if (kind === 'refund') return { authentic: true, notice: { refund: refundFacts(fields, 'refund_status') } }
  return paymentNotice(merchant, { payment: paymentFacts(fields) })
}

/** What the envelope says it is about; nothing when its two words disagree or are not known. */
function kindOf(envelope: Fields): 'payment' | 'refund' | undefined {
  const event = text(envelope, 'event_type') ?? ''
  const original = text(inner(envelope, 'resource'), 'original_type')
  if (event.startsWith('TRANSACTION.') && original === 'transaction') return 'payment'
  return event.startsWith('REFUND.') && original === 'refund' ? 'refund' : undefined
}

function paymentNotice(merchant: V3Merchant, notice: Required<Pick<Notice, 'payment'>>): NoticeReading {
  const isOurs = merchant.apps.some(({ appId }) => appId === notice.payment.appId)
  return isOurs ? { authentic: true, notice } : refused('other app', notice.payment.appId)
}
