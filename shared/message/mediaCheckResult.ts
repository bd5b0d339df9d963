import * as v from 'valibot'
import { object, text } from '../operation/fields.js'
import type { Operation } from '../operation/index.js'
import { weixinApp, weixinAppSettings } from '../weixin/app.js'
import { identityFrom, noticeId } from './message.js'

const input = object({
  traceId: text({ max: 128, pattern: /^[\w-]+$/, like: 'the traceId that securityImgSecCheck answered' }),
})

export interface MediaCheckResult {
  traceId: string
  /** `waiting`: no verdict came yet. `failed`: WeChat could not look at it, and `problem` is the reason: ask again. */
  state: 'waiting' | 'checked' | 'failed'
  suggest?: 'pass' | 'review' | 'risky'
  /** 100 nothing, 20001 politics, 20002 porn, 20006 crime, 21000 other. */
  label?: number
  problem?: string
}

/** What WeChat pushed, as it is kept. */
const pushed = v.object({
  errCode: v.optional(v.number(), 0),
  errMsg: v.optional(v.string()),
  result: v.optional(
    v.object({ suggest: v.optional(v.picklist(['pass', 'review', 'risky'])), label: v.optional(v.number()) }),
  ),
  /** The two fields of version 1, whose verdict is a flag. */
  isrisky: v.optional(v.number()),
  statusCode: v.optional(v.number(), 0),
})

/** The verdict on a picture or sound that `security.imgSecCheck` sent for checking; it arrives by message push. */
export const mediaCheckResult = {
  name: 'security.mediaCheckResult',
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/mediaCheckAsync.html',
  title: {
    en: 'The verdict on a picture or sound sent for checking, once WeChat has pushed it',
    zh: '查询异步内容安全检测的结论（由消息推送送达）',
  },
  input,
  settings: weixinAppSettings,
  reach: 'client',
  repeat: 'safe',
  async run({ traceId }, context): Promise<MediaCheckResult> {
    const { appId } = weixinApp(context.settings, 'mp', context.appId ?? context.session?.appId)
    const { notices } = await context.store()
    const notice = await notices.find(noticeId(appId, identityFrom('wxa_media_check', [traceId])))
    return { traceId, ...verdictOf(notice?.said) }
  },
} satisfies Operation<typeof input, MediaCheckResult>

function verdictOf(kept: string | undefined): Omit<MediaCheckResult, 'traceId'> {
  if (kept === undefined) return { state: 'waiting' }
  const { success, output } = v.safeParse(pushed, JSON.parse(kept))
  if (!success) return { state: 'failed', problem: 'WeChat pushed no verdict that can be read' }
  const { errCode, errMsg, result, isrisky, statusCode } = output
  if (errCode !== 0 || statusCode !== 0)
    return { state: 'failed', problem: errMsg ?? 'WeChat could not fetch it' }
  const suggest = result?.suggest ?? (isrisky === undefined ? undefined : isrisky === 0 ? 'pass' : 'risky')
  if (suggest === undefined) return { state: 'failed', problem: 'WeChat pushed no verdict' }
  return { state: 'checked', suggest, ...(result?.label === undefined ? {} : { label: result.label }) }
}
