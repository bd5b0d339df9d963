import * as v from 'valibot'
import { object, optional, picture, text } from '../../operation/fields.js'
import { oneGroupOf, ruled } from '../../operation/rules.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { webAddress } from '../shapes/inputs.js'
import { maybeTexts, numbers, texts } from '../shapes/records.js'

/** A picture below 2 MB, or its address for WeChat to fetch. */
const source = { imgUrl: optional(webAddress), img: optional(picture(2 * 1024 * 1024 - 1)) }

const eitherSource = oneGroupOf<{ imgUrl?: unknown; img?: unknown }>(['img'], ['imgUrl'])

const common = {
  query: ['imgUrl'],
  multipart: true,
  repeat: 'safe',
  /** Each call is paid for from the account's quota at WeChat's service market. */
  reach: 'optIn',
} as const

const imgSize = v.object(numbers('w', 'h'))

export const aiCrop = weixinApi('img.aiCrop', {
  ...common,
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/aiCrop.html',
  title: { en: 'Where to crop a picture', zh: '图片智能裁剪' },
  post: '/cv/img/aicrop',
  input: ruled(
    object({
      ...source,
      ratios: optional(
        text({
          pattern: /^\d+(\.\d+)?(,\d+(\.\d+)?){0,4}$/,
          like: 'one to five ratios of width to height, such as 1,2.35',
        }),
      ),
    }),
    eitherSource,
  ),
  output: json(
    v.object({
      results: v.array(v.object(numbers('cropLeft', 'cropTop', 'cropRight', 'cropBottom'))),
      imgSize,
    }),
  ),
})

const point = v.object(numbers('x', 'y'))

export const scanQRCode = weixinApi('img.scanQRCode', {
  ...common,
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/scanQRCode.html',
  title: {
    en: 'Read the QR codes and bar codes in a picture',
    zh: '条码、二维码、DataMatrix 和 PDF417 识别',
  },
  post: '/cv/img/qrcode',
  input: ruled(object(source), eitherSource),
  output: json(
    v.object({
      codeResults: v.array(
        v.object({
          ...texts('typeName'),
          ...maybeTexts('data'),
          /** QR codes and DataMatrix only. */
          pos: v.optional(
            v.object({ leftTop: point, rightTop: point, rightBottom: point, leftBottom: point }),
          ),
        }),
      ),
      imgSize,
    }),
  ),
})

export const superresolution = weixinApi('img.superresolution', {
  ...common,
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/superresolution.html',
  title: {
    en: 'Double the resolution of a picture; fetch it with getTempMedia within three days',
    zh: '图片高清化，结果用 getTempMedia 在三天内下载',
  },
  post: '/cv/img/superresolution',
  input: ruled(object(source), eitherSource),
  output: json(v.object(texts('mediaId'))),
})
