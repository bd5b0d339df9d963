import { invalidParam } from '../errors/index.js'
import type { Context } from '../operation/index.js'
import { openSession } from '../session.js'
import { appOf } from './api.js'
import { code2Session } from './apis/auth.js'

/** Exchanges a login code for a session that is kept here. Alipay's tokens for the user are not kept: nothing needs them. */
export async function logIn(code: unknown, context: Context) {
  if (typeof code !== 'string' || code === '') throw invalidParam('code', 'required, the code from uni.login')
  const { openid, unionid } = await code2Session.run({ code, needKey: false }, context)
  const login = {
    provider: 'alipay' as const,
    appId: appOf(context).appId,
    openid,
    ...(unionid === undefined ? {} : { unionid }),
  }
  return openSession(login, { store: await context.store(), clock: context.clock, random: context.random })
}
