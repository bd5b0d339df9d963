import { beijingDateTime, type Clock, nonce } from '../../../../shared/clock.js'
import type { Api, HttpAnswer, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import { type Call, type Entry, isAnswer, type Quota, type WeixinContext } from './entry.js'
import { checkRules, WeixinRefusal } from './rules.js'

const JSON_TYPE = 'application/json; encoding=utf-8'

const always: readonly Fault[] = ['busy', 'timeout', 'lost', 'html', 'truncated', 'unlisted-address']

/** Turns a table's entry into an endpoint: everything that WeChat checks before an API does its own work. */
export function weixinApi(entry: Entry, context: WeixinContext, counts: Map<string, number>): Api {
  const refuse = (refusal: WeixinRefusal): HttpAnswer => {
    const rid = [
      Math.floor(context.clock.now() / 1000).toString(16),
      nonce(context.random, 8),
      nonce(context.random, 8),
    ]
    const errmsg = `${refusal.message} rid: ${rid.join('-')}`
    return jsonAnswer({ errcode: refusal.errcode, errmsg }, entry.contentType)
  }
  return {
    name: entry.name,
    path: entry.path,
    faults: entry.token ? [...always, 'revoked-token'] : always,
    async answer(request, fault) {
      try {
        if (fault === 'busy') throw new WeixinRefusal(-1)
        if (fault === 'unlisted-address') throw new WeixinRefusal(40164)
        if (fault === 'revoked-token') context.tokens.revoke(request.query.access_token)
        const call = check(entry, request, context)
        for (const quota of entry.quotas ?? []) count(entry, quota, call, context, counts)
        const answer = await entry.answer(call, context)
        return isAnswer(answer) ? answer : jsonAnswer(answer, entry.contentType)
      } catch (error) {
        if (error instanceof WeixinRefusal) return refuse(error)
        throw error
      }
    },
  }
}

function check(entry: Entry, request: Received, context: WeixinContext): Call {
  if (request.method !== entry.method) throw new WeixinRefusal(entry.method === 'GET' ? 43001 : 43002)
  const refusal = entry.token ? context.tokens.refusal(request.query.access_token) : undefined
  if (refusal !== undefined) throw new WeixinRefusal(refusal)
  const isForm = /^multipart\/form-data\b/.test(request.headers['content-type'] ?? '')
  const body = entry.method === 'GET' || isForm ? {} : jsonObject(request.body, entry)
  checkRules(entry.query ?? {}, request.query)
  checkRules(entry.body ?? {}, body)
  return { query: request.query, body, isForm }
}

function jsonObject(bytes: Buffer, entry: Entry): Record<string, unknown> {
  if (bytes.length === 0) throw new WeixinRefusal(44002)
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    throw new WeixinRefusal(entry.notJson ?? 47001)
  }
  throw new WeixinRefusal(entry.notJson ?? 47001)
}

/** Counts within a Beijing minute, day, or for ever. */
function count(
  entry: Entry,
  quota: Quota,
  call: Call,
  { clock }: WeixinContext,
  counts: Map<string, number>,
): void {
  const key = countKey(quota.key?.(call) ?? entry.name, quota.per, clock)
  const used = (counts.get(key) ?? 0) + 1
  counts.set(key, used)
  if (used > quota.limit) throw new WeixinRefusal(quota.otherwise)
}

/** Under which name uses are counted. */
export const countKey = (name: string, per: Quota['per'], { now }: Clock): string =>
  `${name} ${per} ${beijingDateTime(now()).slice(0, { minute: 16, day: 10, life: 0 }[per])}`

const jsonAnswer = (value: object, contentType = JSON_TYPE): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: JSON.stringify(value),
})
