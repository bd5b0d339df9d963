import { MESSAGE_REFUSED, NO_CALL_BY_URL, type OpenapiError, openapiError } from '../errors/index.js'
import { deliverAtOnce } from '../events/delivery.js'
import { waitingEvent } from '../events/event.js'
import { evidenceSettings, keepRefusal, markApplied, sealEvidence } from '../events/evidence.js'
import { eventSettings } from '../events/webhook.js'
import { type Context, type HttpCall, type Operation, unread } from '../operation/index.js'
import type { NoticeRecord } from '../store/port.js'
import { accountSettings, pushAccounts } from './account.js'
import type { ParsedMessage, PushedMessage } from './message.js'
import { answerTo, type PushReply, replyToPush, SUCCESS } from './reply.js'
import { addressEcho, type VerifiedPush, verifyPush } from './verify.js'

const settings = [...accountSettings, ...eventSettings, ...evidenceSettings] as const

/**
 * What to answer a message at once, as the JSON or XML that WeChat expects, in the format the message came in;
 * undefined only confirms that it arrived. It is asked again when WeChat repeats a message whose answer got lost.
 */
export type AnswerMessage = (message: PushedMessage, context: Context) => Promise<string | undefined>

/** The receiver of WeChat's message push; WeChat passes the answer of `answerMessage` on to whoever wrote. */
export const messageReceiver = (answerMessage?: AnswerMessage) =>
  ({
    name: 'message.notify',
    doc: 'https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html',
    title: {
      en: "Receive WeChat's message push: verdicts on pictures, order and shipping events, subscriptions, customer messages",
      zh: '接收微信消息推送：内容安全结论、订单与发货事件、订阅事件、客服消息',
    },
    input: unread,
    reach: 'callback',
    repeat: 'safe',
    settings,
    run: (_input, context): Promise<PushReply> => receive(context, answerMessage),
    reply: (result) => replyToPush(result as Parameters<typeof replyToPush>[0]),
  }) satisfies Operation<typeof unread, PushReply>

/** Acknowledges everything and answers nobody by itself. */
export const messageNotify = messageReceiver()

/** Bytes of a refused call that are kept as evidence. */
const MAX_REFUSED = 16 * 1024

const PROVIDER = 'weixin'

/** Takes a call by WeChat: the question whether this address is ours, or a message. */
async function receive(context: Context, answerMessage?: AnswerMessage): Promise<PushReply> {
  const { httpCall, settings, clock } = context
  if (!httpCall) throw openapiError(NO_CALL_BY_URL, { caller: 'WeChat' })
  const accounts = pushAccounts(httpCall.path, settings)
  if (httpCall.method === 'GET') {
    const body = addressEcho(httpCall, accounts, clock.now())
    if (body === undefined) throw await refusal(context, httpCall, 'address check')
    return { body, contentType: 'text/plain; charset=utf-8' }
  }
  const push = await verifyPush(httpCall, accounts, clock.now())
  if ('rejected' in push) throw await refusal(context, httpCall, push.rejected)
  return applyPush(context, httpCall, push, answerMessage)
}

/**
 * Makes a verified message count once. It is kept before it counts, and marked together with the event it becomes: a
 * process that dies in between leaves it for WeChat's next try.
 */
async function applyPush(
  context: Context,
  httpCall: HttpCall,
  push: VerifiedPush,
  answerMessage: AnswerMessage | undefined,
): Promise<PushReply> {
  const { noticeId, parseMessage } = await import('./message.js')
  const parsed = parseMessage(push.fields)
  const { kind, message, identity } = parsed
  const { appId } = push.account
  const at = context.clock.now()
  const store = await context.store()
  const notice = await store.notices.receive({
    id: noticeId(appId, identity),
    merchantId: appId,
    ...noticeOf(parsed),
    evidence: sealEvidence(evidenceOf(httpCall), context.settings, context.random),
    receivedAt: at,
  })
  const event = waitingEvent(kind.eventType, notice.id, { provider: PROVIDER, appId, message }, at)
  const applied = await markApplied(store, notice.id, 'applied', at, event)
  const { msgType, event: name } = message
  context.note('message.received', { msgType, event: name, isNew: applied !== undefined })
  if (applied) await deliverAtOnce(context, { kind: 'notice', record: applied })
  const answer = await answerMessage?.(message, context)
  return answer === undefined ? SUCCESS : answerTo(push, answer, context)
}

const noticeOf = ({ kind, message }: ParsedMessage) =>
  ({
    provider: PROVIDER,
    kind: 'message',
    status: 'received',
    outTradeNo: typeof message.merchantTradeNo === 'string' ? message.merchantTradeNo : '',
    ...(kind.isKept ? { said: JSON.stringify(message) } : {}),
    events: [],
    rev: 0,
  }) satisfies Partial<NoticeRecord>

/** The call in a form that can be verified again: the query with the signatures, an empty line, the body's bytes. */
const evidenceOf = ({ query, rawBody }: HttpCall): Buffer =>
  Buffer.concat([Buffer.from(`${new URLSearchParams(query)}\r\n\r\n`), rawBody])

/** The same answer whatever is wrong: a difference would show a forger how far a forgery got. */
async function refusal(context: Context, httpCall: HttpCall, reason: string): Promise<OpenapiError> {
  context.note('message.refused', { reason, bytes: httpCall.rawBody.length })
  const evidence = evidenceOf(httpCall).subarray(0, MAX_REFUSED)
  await keepRefusal(context, { provider: PROVIDER, reason: `message: ${reason}` }, evidence)
  return openapiError(MESSAGE_REFUSED)
}
