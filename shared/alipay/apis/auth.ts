import * as v from 'valibot'
import { flag, object, optional, text, unsent } from '../../operation/fields.js'
import { alipayApi } from '../api.js'
import { notAnAnswer } from '../failure.js'

/**
 * Alipay's answer to a login code. `openid` is the user id where Alipay gives one and the open_id otherwise, so the
 * one that payments and messages want back. With `needKey` the user's tokens come along, for server code only.
 */
export const code2Session = alipayApi('auth.code2Session', {
  doc: 'https://opendocs.alipay.com/mini/84bc7352_alipay.system.oauth.token',
  title: { en: 'Log in with the code from my.getAuthCode', zh: '登录凭证校验' },
  method: 'alipay.system.oauth.token',
  input: object({
    code: text({ max: 128, like: 'the code from my.getAuthCode or uni.login, used once' }),
    needKey: optional(unsent(flag()), false),
  }),
  beside: { grant_type: 'authorization_code' },
  output: v.object({
    userId: v.optional(v.string()),
    openId: v.optional(v.string()),
    unionId: v.optional(v.string()),
    accessToken: v.string(),
    refreshToken: v.optional(v.string()),
    expiresIn: v.optional(v.number()),
    reExpiresIn: v.optional(v.number()),
  }),
  conclude({ userId, openId, unionId, ...tokens }, { needKey }) {
    const openid = userId ?? openId
    if (openid === undefined) throw notAnAnswer('a login of nobody', undefined)
    const { accessToken, refreshToken, expiresIn, reExpiresIn } = tokens
    return {
      openid,
      ...(userId === undefined ? {} : { userId }),
      ...(openId === undefined ? {} : { openId }),
      ...(unionId === undefined ? {} : { unionid: unionId }),
      ...(needKey ? { accessToken, refreshToken, expiresIn, reExpiresIn } : {}),
    }
  },
  codeless: true,
  unverified: 'allowed',
  repeat: 'never',
  reach: 'client',
  session: 'none',
})
