import type * as v from 'valibot'
import type { SettingName } from '../config/index.js'
import { invalidParam } from '../errors/index.js'
import { object, text } from '../operation/fields.js'
import type { Context, Operation } from '../operation/index.js'
import { addressOf, countUse, perMinute, takeBackUse } from '../operation/rateLimit.js'
import { type Login, openSession } from '../session.js'
import type { SessionRecord } from '../store/port.js'
import { weixinApp } from '../weixin/app.js'
import { type Platform, platformField, platformOf, platformSettings, platforms } from './platform.js'

/** Who has just proved to be whom on a platform, by its login code. What that takes is loaded when it is needed. */
const exchange: Readonly<Record<Platform, (code: string, context: Context) => Promise<Login>>> = {
  async weixin(code, context) {
    const { code2Session } = await import('../weixin/apis/auth.js')
    const { openid, sessionKey, unionid } = await code2Session.run({ code }, context)
    const { appId } = weixinApp(context.settings, 'mp', context.appId)
    return { provider: 'weixin', appId, openid, sessionKey, ...(unionid === undefined ? {} : { unionid }) }
  },
  /** Alipay's tokens for the user are not kept: nothing needs them. */
  async alipay(code, context) {
    const { appOf } = await import('../alipay/api.js')
    const { code2Session } = await import('../alipay/apis/auth.js')
    const { openid, unionid } = await code2Session.run({ code, needKey: false }, context)
    const { appId } = appOf(context)
    return { provider: 'alipay', appId, openid, ...(unionid === undefined ? {} : { unionid }) }
  },
}

/**
 * Exchanges a login code for a session that is kept here; WeChat's session key goes into the store and nowhere else.
 * `named`: the platform, where the call names one.
 */
export async function logIn(code: unknown, context: Context, named?: Platform) {
  const platform = platformOf(named, context)
  if (!platformSettings[platform].every((name) => context.settings.declares(name))) {
    throw invalidParam('code', `this function takes no logins of ${platform}`)
  }
  if (typeof code !== 'string' || code === '') throw invalidParam('code', 'required, the code from uni.login')
  const ask = () => exchange[platform](code, context)
  const login = context.source === 'client' ? await counted(ask, context) : await ask()
  return openSession(login, { store: await context.store(), clock: context.clock, random: context.random })
}

/** A minute, in all functions together. WeChat itself takes 100 of one user. */
const LOGINS_OF_USER = 60

/** A minute, in all functions together: of one address, without those that succeeded. */
const VAIN_LOGINS_AT_ADDRESS = 120

/**
 * Keeps invented codes from the platform. A login counts for its address before the platform is asked, and is taken back
 * once the platform has said who it is; then it counts for that user. So the thousands of users who share the address of
 * a network operator take no room from each other, while codes that lead nowhere, and logins under way, do.
 */
async function counted(ask: () => Promise<Login>, context: Context): Promise<Login> {
  const limit = perMinute('logins', 'logins from this address that failed', VAIN_LOGINS_AT_ADDRESS, context)
  const address = addressOf(context)
  await countUse(limit, address, context)
  const login = await ask()
  await takeBackUse(limit, address, context)
  await countUse(perMinute('logins', 'logins by this user', LOGINS_OF_USER, context), login.openid, context)
  return login
}

const settingPrefix: Readonly<Record<Platform, RegExp>> = { weixin: /^WEIXIN_/, alipay: /^ALIPAY_/ }

/** The platforms an operation serves, by the settings it reads. */
const platformsOf = ({ settings }: Operation): Platform[] =>
  platforms.filter((platform) => settings.some((name) => settingPrefix[platform].test(name)))

/**
 * What has to be read where a fresh code may stand for a login: the applications of the platforms that the operation
 * has to do with. An operation of one platform gets no keys of the other.
 */
export const loginSettings = (operation: Operation): readonly SettingName[] =>
  operation.session === 'none' ? [] : platformsOf(operation).flatMap((platform) => platformSettings[platform])

/** Refuses a user of the other platform, whom an operation of this one does not know. */
export function requireServed(operation: Operation, { provider }: SessionRecord): void {
  const served = platformsOf(operation)
  if (served.length === 0 || served.includes(provider)) return
  throw invalidParam('sessionToken', `of a login on ${provider}, while this function serves ${served.join()}`)
}

const input = object({
  code: text({ max: 128, like: 'the code from uni.login, used once within five minutes' }),
  platform: platformField,
})

/** `auth.code2Session` as a client may call it: the session stays here, its token goes out. */
export const login = {
  name: 'auth.code2Session',
  doc: 'https://uniapp.dcloud.net.cn/api/plugins/login.html',
  title: { en: 'Log in with the code from uni.login', zh: '登录凭证校验' },
  input,
  settings: platforms.flatMap((platform) => platformSettings[platform]),
  repeat: 'never',
  reach: 'client',
  session: 'none',
  async run({ code, platform }: v.InferOutput<typeof input>, context: Context) {
    const { sessionToken, session } = await logIn(code, context, platform)
    const { openid, unionid, expiresAt } = session
    const expiresIn = Math.floor((expiresAt - context.clock.now()) / 1000)
    return { openid, ...(unionid === undefined ? {} : { unionid }), sessionToken, expiresIn }
  },
} as const satisfies Operation<typeof input>
