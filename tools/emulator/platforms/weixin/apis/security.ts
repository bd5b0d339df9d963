import { nonce } from '../../../../../shared/clock.js'
import { documentedApis } from '../documented.js'
import type { Call, Entry, WeixinContext } from '../entry.js'
import { between, checkRules, matching, type Rules, upTo, WeixinRefusal } from '../rules.js'

/** WeChat's own verdicts take seconds to half an hour. */
const VERDICT_MS = 2000

/** What is asked about says itself how it will be judged: by the word `risky` or `review` in its text or address. */
function verdictOn(words: string): { suggest: 'pass' | 'review' | 'risky'; label: number } {
  if (words.includes('risky')) return { suggest: 'risky', label: 20002 }
  return words.includes('review') ? { suggest: 'review', label: 21000 } : { suggest: 'pass', label: 100 }
}

/** On the text of an example, what the example shows. */
function documentedVerdict(content: unknown): Pick<Verdict, 'result' | 'detail'> | undefined {
  const texts = documentedApis().find(({ path }) => path === TEXT_CHECK)?.exchanges ?? []
  const found = texts.find(({ request, reply }) => request.body?.content === content && reply.body?.result)
  const { result, detail } = (found?.reply.body ?? {}) as Partial<Verdict>
  return result && detail ? { result, detail } : undefined
}

interface Verdict {
  result: object
  detail: object[]
}

const TEXT_CHECK = '/wxa/msg_sec_check'

const scene = { missing: 47001, rules: [between(1, 4, 40129)] } as const
/** The documents say a number and show a text in places; WeChat takes both. */
const version = {
  missing: 47001,
  rules: [{ accepts: (value: unknown) => String(value) === '2', otherwise: 40097 }],
} as const
const openid = { missing: 40003, rules: [] } as const

/** Of the second version of the text check alone. */
const second: Rules = { content: { rules: [upTo(2500, 45002)] }, scene, version, openid }

function answerOf(
  { body: { content, openid, media_url: address } }: Call,
  { weixinUsers, random }: WeixinContext,
) {
  if (!weixinUsers.find(String(openid))) throw new WeixinRefusal(40003)
  const result = verdictOn(String(content ?? address))
  const detail = [{ strategy: 'content_model', errcode: 0, ...result, prob: 90 }]
  return { errcode: 0, errmsg: 'ok', result, detail, ...documentedVerdict(content), trace_id: nonce(random) }
}

function checkText(call: Call, context: WeixinContext): object {
  if (call.body.version !== undefined) {
    checkRules(second, call.body)
    return answerOf(call, context)
  }
  if (verdictOn(String(call.body.content)).suggest !== 'pass') throw new WeixinRefusal(87014)
  return { errcode: 0, errmsg: 'ok' }
}

/** The verdict comes later, by message push, to the address that the console knows. */
function checkMedia(call: Call, context: WeixinContext): object {
  const { result, detail, ...answer } = answerOf(call, context)
  const verdict = {
    ...{ FromUserName: call.body.openid, Event: 'wxa_media_check', appid: context.app.appId },
    ...{ ...answer, version: 2, detail, result },
  }
  context.schedule.after(VERDICT_MS, async () => context.messages.pushToAcceptedAddress(verdict))
  return answer
}

const perDay = (minute: number, limit: number): Entry['quotas'] => [
  { per: 'minute', limit: minute, otherwise: 44991 },
  { per: 'day', limit, otherwise: 45009 },
]

export const securityEntries: readonly Entry[] = [
  {
    name: 'security.msgSecCheck',
    method: 'POST',
    path: TEXT_CHECK,
    token: true,
    body: { content: { missing: 47001, rules: [upTo(500 * 1024, 45002)] } },
    quotas: perDay(4000, 2_000_000),
    answer: checkText,
  },
  {
    name: 'security.mediaCheckAsync',
    method: 'POST',
    path: '/wxa/media_check_async',
    token: true,
    body: {
      media_url: { missing: 47001, rules: [matching(/^https?:\/\/./, 47001)] },
      media_type: { missing: 40004, rules: [between(1, 2, 40004)] },
      ...{ version, scene, openid },
    },
    quotas: perDay(2000, 200_000),
    answer: checkMedia,
  },
]
