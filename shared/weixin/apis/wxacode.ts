import * as v from 'valibot'
import { alsoNamed, choice, flag, integer, object, optional, text } from '../../operation/fields.js'
import { image } from '../answer.js'
import { weixinApi } from '../api.js'
import { codeVersions, pagePath, pagePathWithQuery, pathWithQuery } from '../shapes/inputs.js'

/** `%` is not among the characters WeChat allows, so URL-encoded text is not possible here. */
const sceneText = text({
  max: 32,
  pattern: /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/,
  like: "1 to 32 characters of A-Z a-z 0-9 !#$&'()*+,/:;=?@-._~",
})

const codeWidth = integer(280, 1280, 'a width from 280 to 1280 pixels')

/** The documents show decimal texts as well as numbers; WeChat takes both. */
const colourPart = v.union(
  [integer(0, 255), text({ pattern: /^(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])$/, like: 'digits' })],
  'expected a whole number from 0 to 255',
)

const lineColor = object({ r: colourPart, g: colourPart, b: colourPart })

const look = {
  width: optional(codeWidth),
  autoColor: optional(flag('lines in a colour that WeChat chooses')),
  lineColor: optional(lineColor),
  isHyaline: optional(flag('a transparent background')),
  envVersion: optional(choice(codeVersions)),
}

/** WeChat's code for the quota of making codes, which it counts by the minute, not by the day. */
const errors = {
  45009: {
    en: 'too many codes in a minute (getUnlimited: 5,000); the next one has room again',
    zh: '分钟频率受限（getUnlimited 每分钟 5000 次），下一分钟再试',
  },
} as const

export const createQRCode = weixinApi('wxacode.createQRCode', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/createQRCode.html',
  title: {
    en: 'Square QR code for pages that need few of them (100,000 in all, shared with get)',
    zh: '获取小程序二维码，适用于需要的码数量较少的业务场景（与 get 共 10 万个）',
  },
  post: '/cgi-bin/wxaapp/createwxaqrcode',
  input: object({ path: pathWithQuery(128, 'bytes'), width: optional(codeWidth) }),
  output: image,
  errors,
  repeat: 'safe',
  reach: 'optIn',
  keepDays: 30,
})

export const get = weixinApi('wxacode.get', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getQRCode.html',
  title: {
    en: 'Mini-program code for pages that need few of them (100,000 in all, shared with createQRCode)',
    zh: '获取小程序码，适用于需要的码数量较少的业务场景（与 createQRCode 共 10 万个）',
  },
  post: '/wxa/getwxacode',
  input: object({ path: pagePathWithQuery, ...look }),
  output: image,
  errors,
  repeat: 'safe',
  reach: 'client',
  keepDays: 30,
})

export const getUnlimited = weixinApi('wxacode.getUnlimited', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getUnlimitedQRCode.html',
  title: {
    en: 'Mini-program code without a limit on their number; the page reads its data from `scene`',
    zh: '获取不限数量的小程序码，页面从 scene 读取数据',
  },
  post: '/wxa/getwxacodeunlimit',
  input: alsoNamed(
    object({
      scene: sceneText,
      page: optional(pagePath),
      checkPath: optional(flag('a page that has to be published (the default)')),
      ...look,
    }),
    { path: 'page' },
  ),
  output: image,
  errors,
  repeat: 'safe',
  reach: 'client',
  keepDays: 30,
})
