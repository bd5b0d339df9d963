import * as v from 'valibot'
import { invalidParam } from '../../errors/index.js'
import { object, optional, text } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { weixinApp } from '../app.js'
import { asDeclared } from '../json.js'
import { numbers, texts } from '../shapes/records.js'
import { decryptUserData } from '../userData.js'
import { variants } from '../variants.js'

/** WeChat sends the country code as text or number: callers get text. */
const phone = v.object({
  ...texts('phoneNumber', 'purePhoneNumber', 'countryCode'),
  watermark: v.object({ ...numbers('timestamp'), ...texts('appid') }),
})

const byCode = weixinApi('decrypt.getPhoneNumber', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html',
  title: {
    en: 'The phone number that a user agreed to give, by the code of the button or by its encryptedData',
    zh: '获取用户绑定的手机号，凭按钮返回的 code 或 encryptedData',
  },
  post: '/wxa/business/getuserphonenumber',
  input: object({
    code: text({ max: 128, like: 'the code of the getPhoneNumber button, used once within five minutes' }),
  }),
  output: json(v.object({ phoneInfo: phone })),
  repeat: 'never',
  reach: 'client',
})

const base64 = (like: string) => text({ max: 4096, pattern: /^[A-Za-z0-9+/]+={0,2}$/, like })

const { spec: _spec, run: _run, ...identity } = byCode

const byDecryption = {
  ...identity,
  input: object({
    encryptedData: base64('the encryptedData of the getPhoneNumber button'),
    iv: base64('the iv of the getPhoneNumber button'),
    sessionKey: optional(base64('the sessionKey that auth.code2Session answered')),
  }),
  repeat: 'safe',
  async run(given: { encryptedData: string; iv: string; sessionKey?: string | undefined }, context: Context) {
    // A client's key is the one its login left here, whatever the client sends.
    const sessionKey = context.source === 'client' ? context.session?.sessionKey : given.sessionKey
    if (sessionKey === undefined) {
      throw invalidParam('sessionKey', 'required, the sessionKey that auth.code2Session answered')
    }
    const { appId } = weixinApp(context.settings, 'mp', context.appId ?? context.session?.appId)
    const data = decryptUserData({ ...given, sessionKey }, appId, context.clock.now())
    return asDeclared(phone, data) as v.InferOutput<typeof phone>
  },
} as const satisfies Operation

export const getPhoneNumber = variants([byCode, byDecryption], (given) =>
  'code' in given ? byCode : byDecryption,
)
