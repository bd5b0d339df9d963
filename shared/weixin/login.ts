import { invalidParam } from '../errors/index.js'
import type { Context } from '../operation/index.js'
import { openSession } from '../session.js'
import { code2Session } from './apis/auth.js'
import { weixinApp } from './app.js'

/** Exchanges a login code for a session that is kept here; WeChat's session key goes into the store and nowhere else. */
export async function logIn(code: unknown, context: Context) {
  if (typeof code !== 'string' || code === '') throw invalidParam('code', 'required, the code from wx.login')
  const { openid, sessionKey, unionid } = await code2Session.run({ code }, context)
  const { appId } = weixinApp(context.settings, 'mp', context.appId)
  const login = {
    provider: 'weixin' as const,
    appId,
    openid,
    sessionKey,
    ...(unionid === undefined ? {} : { unionid }),
  }
  return openSession(login, { store: await context.store(), clock: context.clock, random: context.random })
}
