import * as v from 'valibot'
import { alsoNamed, object, optional } from '../../operation/fields.js'
import { ruled } from '../../operation/rules.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { endIsNear, envVersion, expiry, expiryRules, linkErrors, target } from '../shapes/links.js'
import { texts } from '../shapes/records.js'

export const generate = weixinApi('urlscheme.generate', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/url-scheme/generateScheme.html',
  title: {
    en: 'A weixin:// address that opens the mini program from messages and pages (500,000 a day, shared with links)',
    zh: '获取小程序 scheme 码，适用于短信、邮件、外部网页等场景（每日 50 万个，与 URL Link 共用）',
  },
  post: '/wxa/generatescheme',
  input: alsoNamed(
    ruled(object({ jumpWxa: optional(object({ ...target, envVersion })), ...expiry }), ...expiryRules),
    { iexpireType: 'expireType' },
  ),
  check: endIsNear,
  output: json(v.object(texts('openlink'))),
  errors: linkErrors,
  repeat: 'safe',
  reach: 'optIn',
})
