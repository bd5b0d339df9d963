import * as v from 'valibot'
import { alsoNamed, object, optional, text } from '../../operation/fields.js'
import { ruled } from '../../operation/rules.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { appId } from '../shapes/inputs.js'
import { endIsNear, envVersion, expiry, expiryRules, linkErrors, target } from '../shapes/links.js'
import { texts } from '../shapes/records.js'

/** A web page in between, kept in WeChat's own cloud. */
const cloudBase = object({
  env: text({ like: 'the id of a cloud environment' }),
  domain: optional(text({ like: 'a domain of the cloud environment' })),
  ...target,
  resourceAppid: optional(appId),
})

export const generate = weixinApi('urllink.generate', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-link/generateUrlLink.html',
  title: {
    en: 'An https:// address that opens the mini program from messages and pages (500,000 a day, shared with schemes)',
    zh: '获取小程序 URL Link，适用于短信、邮件、网页等场景（每日 50 万个，与 scheme 码共用）',
  },
  post: '/wxa/generate_urllink',
  input: alsoNamed(
    ruled(object({ ...target, ...expiry, envVersion, cloudBase: optional(cloudBase) }), ...expiryRules),
    { iexpireType: 'expireType' },
  ),
  check: endIsNear,
  output: json(v.object(texts('urlLink'))),
  errors: linkErrors,
  repeat: 'safe',
  reach: 'optIn',
})
