import * as v from 'valibot'
import { named, object, optionalText, text } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { ruled, someGroupOf } from '../../operation/rules.js'
import { invalidAnswer, json } from '../answer.js'
import { weixinApi } from '../api.js'
import { weixinApp, weixinAppSettings } from '../app.js'
import { merchantNumber, openid, paymentNumber, tradeNumber } from '../shapes/inputs.js'
import { texts } from '../shapes/records.js'
import { weixinToken } from '../token/keeper.js'

/** WeChat's own answer to a login code. The library hands it to server code; a client only ever sees {@link login}'s. */
export const code2Session = weixinApi('auth.code2Session', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html',
  title: { en: 'Log in with the code from wx.login', zh: '登录凭证校验' },
  get: '/sns/jscode2session',
  input: object({
    code: named('js_code', text({ max: 128, like: 'the code from wx.login, used once within five minutes' })),
  }),
  fixed: { grant_type: 'authorization_code' },
  credential: 'secret',
  output: json(v.object({ openid: v.string(), sessionKey: v.string(), unionid: v.optional(v.string()) })),
  conclude(answer) {
    // Orders that anybody may pay have no openid either: a login without one would own them all.
    if (typeof answer.openid !== 'string' || answer.openid === '') throw invalidAnswer('a login of nobody')
    return answer
  },
  repeat: 'never',
  reach: 'client',
  session: 'none',
})

export const getAccessToken = {
  name: 'auth.getAccessToken',
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html',
  title: { en: 'The current access token, fetched only when none is alive', zh: '获取接口调用凭据' },
  input: object({}),
  settings: weixinAppSettings,
  repeat: 'safe',
  reach: 'server',
  async run(_input: object, context: Context) {
    const app = weixinApp(context.settings, 'mp', context.appId)
    const { token, expiresAt } = await weixinToken(app, context).current()
    return { accessToken: token, expiresIn: Math.floor((expiresAt - context.clock.now()) / 1000) }
  },
} as const satisfies Operation

export const getPaidUnionId = weixinApi('auth.getPaidUnionId', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/getPaidUnionid.html',
  title: {
    en: 'The unionid of a user who paid within the last five minutes',
    zh: '用户支付完成后五分钟内，获取该用户的 UnionId，无需用户授权',
  },
  get: '/wxa/getpaidunionid',
  input: ruled(
    object({
      openid,
      transactionId: optionalText(paymentNumber),
      mchId: optionalText(merchantNumber),
      outTradeNo: optionalText(tradeNumber),
    }),
    someGroupOf<{ transactionId?: unknown; mchId?: unknown; outTradeNo?: unknown }>(
      ['transactionId'],
      ['mchId', 'outTradeNo'],
    ),
  ),
  ownOpenid: 'openid',
  output: json(v.object(texts('unionid'))),
  repeat: 'safe',
  reach: 'optIn',
})
