import { alipayAppSettings } from '../../config/providerSettings.js'
import { CONTENT_CHECK_NOT_OFFERED, openapiError } from '../../errors/index.js'
import { map } from '../../operation/fields.js'
import type { Bilingual, Operation } from '../../operation/index.js'

/**
 * Alipay has no content checks for mini programs: code written for both platforms gets this error and never
 * 'pass'. Who may call, and as whom, is as for WeChat's.
 */
const notOffered = (name: string, title: Bilingual) =>
  ({
    name,
    doc: 'https://opendocs.alipay.com/mini/api',
    title,
    input: map<unknown>('an object of named parameters'),
    settings: alipayAppSettings,
    repeat: 'safe',
    reach: 'client',
    ownOpenid: 'openid',
    async run(): Promise<never> {
      throw openapiError(CONTENT_CHECK_NOT_OFFERED, { api: name })
    },
  }) as const satisfies Operation

export const msgSecCheck = notOffered('security.msgSecCheck', {
  en: 'Not offered by Alipay: check a text',
  zh: '检测文本是否违规（支付宝未开放）',
})

export const imgSecCheck = notOffered('security.imgSecCheck', {
  en: 'Not offered by Alipay: check a picture',
  zh: '检测图片是否违规（支付宝未开放）',
})
