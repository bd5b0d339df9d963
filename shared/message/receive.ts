import { MESSAGE_REFUSED, NO_CALL_BY_URL, type OpenapiError, openapiError } from '../errors/index.js'
import { deliverAtOnce } from '../events/delivery.js'
import { waitingEvent } from '../events/event.js'
import { evidenceSettings, keepRefusal, markApplied, sealEvidence } from '../events/evidence.js'
import { eventSettings } from '../events/webhook.js'
import type { Context, HttpCall } from '../operation/index.js'
import type { NoticeRecord } from '../store/port.js'
import { accountSettings, pushAccounts } from './account.js'
import { type AuthenticPush, addressEcho, judgePush } from './authentic.js'
import { noticeId } from './identity.js'
import type { PushedMessage, Understood } from './pushed.js'
import { answerTo, type PushAnswer, SUCCESS } from './reply.js'

export const receiveSettings = [...accountSettings, ...eventSettings, ...evidenceSettings] as const

/**
 * What to say to a message at once, in WeChat's words and in the format it came in; undefined says no more than that
 * it arrived. It is asked again when WeChat repeats a message whose answer got lost.
 */
export type Answering = (message: PushedMessage, context: Context) => Promise<string | undefined>

/** More of a refused call than this tells nobody more. Bytes. */
const MAX_REFUSED = 16 * 1024

const PROVIDER = 'weixin'

/** Takes a call by WeChat: the question whether this address is ours, or a message. */
export async function receiveCall(context: Context, answering?: Answering): Promise<PushAnswer> {
  const { httpCall, settings, clock } = context
  if (!httpCall) throw openapiError(NO_CALL_BY_URL, { caller: 'WeChat' })
  const accounts = pushAccounts(httpCall.path, settings)
  if (httpCall.method === 'GET') {
    const body = addressEcho(httpCall, accounts, clock.now())
    if (body === undefined) throw await refusal(context, httpCall, 'address check')
    return { body, contentType: 'text/plain; charset=utf-8' }
  }
  const push = await judgePush(httpCall, accounts, clock.now())
  if ('refused' in push) throw await refusal(context, httpCall, push.refused)
  return take(context, httpCall, push, answering)
}

/**
 * Makes an authentic message count once. It is kept before it counts, and marked together with the event it
 * becomes: a process that dies in between leaves it for WeChat's next try.
 */
async function take(
  context: Context,
  httpCall: HttpCall,
  push: AuthenticPush,
  answering: Answering | undefined,
): Promise<PushAnswer> {
  const { understand } = await import('./pushed.js')
  const understood = understand(push.fields)
  const { message } = understood
  const at = context.clock.now()
  const store = await context.store()
  const notice = await store.notices.receive(received(context, httpCall, push, understood))
  const data = { provider: PROVIDER, appId: push.account.appId, message }
  const event = waitingEvent(understood.kind.tells, notice.id, data, at)
  const applied = await markApplied(store, notice.id, 'applied', at, event)
  const { msgType, event: name } = message
  context.note('message.received', { msgType, event: name, isNew: applied !== undefined })
  if (applied) await deliverAtOnce(context, { kind: 'notice', record: applied })
  const words = await answering?.(message, context)
  return words === undefined ? SUCCESS : answerTo(push, words, context)
}

function received(
  { settings, random, clock }: Context,
  httpCall: HttpCall,
  { account }: AuthenticPush,
  { kind, message, identity }: Understood,
): NoticeRecord {
  const { merchantTradeNo } = message
  return {
    id: noticeId(account.appId, identity),
    provider: PROVIDER,
    merchantId: account.appId,
    kind: 'message',
    status: 'received',
    outTradeNo: typeof merchantTradeNo === 'string' ? merchantTradeNo : '',
    ...(kind.isKept ? { said: JSON.stringify(message) } : {}),
    evidence: sealEvidence(evidenceOf(httpCall), settings, random),
    receivedAt: clock.now(),
    events: [],
    rev: 0,
  }
}

/** The call as it can be judged again: the query with the signatures, an empty line, the body's bytes. */
const evidenceOf = ({ query, rawBody }: HttpCall): Buffer =>
  Buffer.concat([Buffer.from(`${new URLSearchParams(query)}\r\n\r\n`), rawBody])

/** One and the same for everything that is not WeChat's word: a difference would tell a forger how far he came. */
async function refusal(context: Context, httpCall: HttpCall, reason: string): Promise<OpenapiError> {
  context.note('message.refused', { reason, bytes: httpCall.rawBody.length })
  const evidence = evidenceOf(httpCall).subarray(0, MAX_REFUSED)
  await keepRefusal(context, { provider: PROVIDER, reason: `message: ${reason}` }, evidence)
  return openapiError(MESSAGE_REFUSED)
}
