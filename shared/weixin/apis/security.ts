import * as v from 'valibot'
import { choice, object, optional, picture, text, unsent } from '../../operation/fields.js'
import { ruled } from '../../operation/rules.js'
import { invalidAnswer, json } from '../answer.js'
import { weixinApi } from '../api.js'
import { openid, webAddress } from '../shapes/inputs.js'
import { maybeNumbers, maybeTexts, texts } from '../shapes/records.js'
import { variants } from '../variants.js'

const of = <const Version extends 1 | 2>(version: Version) => v.literal(version, 'expected one of 1, 2')

/** Version 1 found something illegal. */
const RISKY = 87014

const firstVerdict = json(
  v.object({
    errCode: v.optional(v.number()),
    errMsg: v.optional(v.string()),
    result: v.object({ suggest: v.picklist(['pass', 'risky']) }),
  }),
)

/** The verdict of version 1 is a code; callers read it where version 2 has it, and find the code as well. */
const firstVersion = {
  output: firstVerdict,
  results: [RISKY],
  conclude: (answer: object) => ({
    ...answer,
    result: { suggest: 'errCode' in answer ? ('risky' as const) : ('pass' as const) },
  }),
  reach: 'client',
} as const

const scene = choice([1, 2, 3, 4], '1 profile, 2 comment, 3 forum, 4 social log')

/** What the two versions ask for; the older one takes and ignores what the newer one needs. */
const about = { version: optional(of(2), 2), scene, openid }
const unused = { version: unsent(of(1)), scene: optional(unsent(scene)), openid: optional(unsent(openid)) }

const textOld = weixinApi('security.msgSecCheck', {
  ...firstVersion,
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/framework/security.msgSecCheck-v1.html',
  title: { en: 'Check a text, the older and weaker way', zh: '检查一段文本是否含有违法违规内容（1.0）' },
  post: '/wxa/msg_sec_check',
  input: object({
    content: text({ max: 500 * 1024, unit: 'bytes', like: 'a text of at most 500 KB' }),
    ...unused,
  }),
  repeat: 'safe',
})

const suggestion = v.picklist(['pass', 'review', 'risky'])

const textNew = weixinApi('security.msgSecCheck', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html',
  title: {
    en: 'Check a text for illegal content; `result.suggest` is the verdict',
    zh: '检查一段文本是否含有违法违规内容，结论在 result.suggest',
  },
  post: '/wxa/msg_sec_check',
  input: ruled(
    object({
      content: text({ max: 2500, like: 'a text of at most 2500 characters' }),
      ...about,
      title: optional(text({ like: 'a title' })),
      nickname: optional(text({ like: 'a nickname' })),
      signature: optional(text({ like: 'a personal signature' })),
    }),
    ({ signature, scene }) =>
      signature !== undefined && scene !== 1 ? ['signature', 'expected only with scene 1'] : undefined,
  ),
  ownOpenid: 'openid',
  output: json(
    v.object({
      ...texts('traceId'),
      /** `label`: 100 nothing, 10001 advertising, 20001 politics, 20002 porn, 20003 abuse, 20006 crime, 20008 fraud. */
      result: v.object({ suggest: suggestion, label: v.number() }),
      detail: v.optional(
        v.array(
          v.object({
            ...texts('strategy'),
            errCode: v.number(),
            suggest: v.optional(suggestion),
            ...maybeTexts('keyword'),
            ...maybeNumbers('label', 'prob', 'level'),
          }),
        ),
      ),
    }),
  ),
  conclude(answer) {
    // Answers are not held to their declaration, and a text that was not judged must never pass for a good one.
    if (answer.result?.suggest === undefined) throw invalidAnswer('no verdict')
    return answer
  },
  errors: { 40129: { en: 'the scene is not one of 1, 2, 3, 4', zh: 'scene 不在 1 到 4 之间' } },
  repeat: 'safe',
  reach: 'client',
})

export const msgSecCheck = variants([textNew, textOld], ({ version }) => (version === 1 ? textOld : textNew))

/** WeChat answers -1 to pictures that are too large, so -1 is no reason to send it again. */
const imageOld = weixinApi('security.imgSecCheck', {
  ...firstVersion,
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/framework/security.imgSecCheck.html',
  title: {
    en: 'Check a picture at once, the older and weaker way',
    zh: '校验一张图片是否含有违法违规内容（1.0，同步）',
  },
  post: '/wxa/img_sec_check',
  multipart: true,
  input: object({ media: picture(1024 * 1024), ...unused }),
  repeat: 'never',
})

const imageNew = weixinApi('security.imgSecCheck', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/mediaCheckAsync.html',
  title: {
    en: 'Check a picture or sound at a public address; the verdict arrives within 30 minutes as event wxa_media_check',
    zh: '异步校验图片或音频是否含有违法违规内容，结论在 30 分钟内以 wxa_media_check 事件推送',
  },
  post: '/wxa/media_check_async',
  input: object({
    mediaUrl: webAddress,
    mediaType: optional(choice([1, 2], '1 sound, 2 picture'), 2),
    ...about,
  }),
  ownOpenid: 'openid',
  output: json(v.object(texts('traceId'))),
  errors: { 40004: { en: 'mediaType is neither 1 (sound) nor 2 (picture)', zh: 'media_type 取值错误' } },
  repeat: 'safe',
  reach: 'client',
})

export const imgSecCheck = variants([imageNew, imageOld], ({ version }) =>
  version === 1 ? imageOld : imageNew,
)
