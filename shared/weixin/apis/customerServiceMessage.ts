import * as v from 'valibot'
import { choice, file, freeMap, object, optional, text } from '../../operation/fields.js'
import { type Rule, ruled } from '../../operation/rules.js'
import { json, media } from '../answer.js'
import { weixinApi } from '../api.js'
import { appId, openid, pagePathWithQuery, webAddress } from '../shapes/inputs.js'
import { nothing, numbers, texts } from '../shapes/records.js'

const mediaId = text({ max: 256, like: 'the mediaId that uploadTempMedia answered' })

const businessid = optional(text({ like: 'the id of a sub merchant' }))

const title = text({ like: 'a title' })

/** What a mini program may send. */
const contents = {
  text: optional(object({ content: text({ like: 'the text of the message' }) })),
  image: optional(object({ mediaId })),
  link: optional(
    object({
      title,
      description: text({ like: 'a description' }),
      url: webAddress,
      thumbUrl: webAddress,
    }),
  ),
  miniprogrampage: optional(
    object({ title, appid: optional(appId), pagepath: pagePathWithQuery, thumbMediaId: mediaId }),
  ),
}

const official = optional(freeMap('the content in the words of WeChat'))

/** What only official accounts may send: passed on as it is given. */
const officialContents = {
  voice: official,
  video: official,
  music: official,
  news: official,
  mpnews: official,
  mpnewsarticle: official,
  msgmenu: official,
  wxcard: official,
}

const types = Object.keys({ ...contents, ...officialContents }) as (
  | keyof typeof contents
  | keyof typeof officialContents
)[]

/** The documents mark every content as required; WeChat wants the one that the type names. */
const ownContent: Rule<
  { [Type in (typeof types)[number]]?: unknown } & { msgtype: (typeof types)[number] }
> = (message) =>
  message[message.msgtype] === undefined
    ? [message.msgtype, `required by the msgtype ${message.msgtype}`]
    : undefined

export const send = weixinApi('customerServiceMessage.send', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html',
  title: {
    en: 'Send a customer service message, at most 5 within 48 hours of what the user last sent',
    zh: '发送客服消息给用户（用户最近一次互动后 48 小时内最多 5 条）',
  },
  post: '/cgi-bin/message/custom/send',
  input: ruled(
    object({
      touser: openid,
      msgtype: choice(types),
      ...contents,
      ...officialContents,
      customservice: optional(object({ kfAccount: text({ like: 'a customer service account' }) })),
      aimsgcontext: optional(object({ isAiMsg: choice([0, 1], '1 marks what an AI wrote') })),
      businessid,
    }),
    ownContent,
  ),
  output: json(nothing),
  repeat: 'never',
  reach: 'server',
})

export const setTyping = weixinApi('customerServiceMessage.setTyping', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/setTyping.html',
  title: { en: 'Show the user that an answer is being typed', zh: '下发客服当前输入状态给用户' },
  post: '/cgi-bin/message/custom/typing',
  input: object({ touser: openid, command: choice(['Typing', 'CancelTyping']), businessid }),
  output: json(nothing),
  repeat: 'safe',
  reach: 'server',
})

/** WeChat's own limit for pictures and videos, the largest it takes; it refuses voices above 2 MB itself. */
const LARGEST_MEDIA = 10 * 1024 * 1024

export const uploadTempMedia = weixinApi('customerServiceMessage.uploadTempMedia', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/uploadTempMedia.html',
  title: {
    en: 'Upload a file for customer service messages; it lives three days. Mini programs: pictures only',
    zh: '把媒体文件上传到微信服务器，三天内有效；小程序仅支持图片',
  },
  post: '/cgi-bin/media/upload',
  input: object({
    type: choice(['image', 'voice', 'video', 'thumb']),
    media: file(LARGEST_MEDIA, /^(image|audio|video)\/[a-z0-9.+-]+$/, 'a MIME type, such as image/png'),
  }),
  query: ['type'],
  multipart: true,
  output: json(v.object({ ...texts('type', 'mediaId'), ...numbers('createdAt') })),
  repeat: 'safe',
  reach: 'server',
})

export const getTempMedia = weixinApi('customerServiceMessage.getTempMedia', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/getTempMedia.html',
  title: {
    en: 'Download a file of the last three days; of a video, its address',
    zh: '获取客服消息内的临时素材，视频素材返回下载地址',
  },
  get: '/cgi-bin/media/get',
  input: object({ mediaId }),
  output: media(v.object(texts('videoUrl'))),
  repeat: 'safe',
  reach: 'server',
})
