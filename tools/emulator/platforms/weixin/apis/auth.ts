import { documentedLogin } from '../documented.js'
import type { Call, Effect, Entry, WeixinContext } from '../entry.js'
import { oneOf, type Rules, WeixinRefusal } from '../rules.js'

const grant = (type: string) => ({ missing: 40002, rules: [oneOf([type], 40002)] }) as const

const clientCredential: Rules = {
  grant_type: grant('client_credential'),
  appid: { missing: 41002, rules: [] },
  secret: { missing: 41004, rules: [] },
}

/**
 * The token endpoints and the login refuse a wrong appid or secret with the same numbers. Tokens are for the official
 * account of the same owner, too. Answers whose they are.
 */
function applicationOf({ appid, secret }: Record<string, unknown>, { app }: WeixinContext): string {
  const secrets = new Map([
    [app.appId, app.secret],
    [app.h5AppId, app.h5Secret],
  ])
  const known = secrets.get(String(appid))
  if (known === undefined) throw new WeixinRefusal(40013)
  if (secret !== known) throw new WeixinRefusal(40125)
  return String(appid)
}

const DEMO_CODE = /^demo-([^\s-]{1,32})(-\S{1,64})?$/u

/**
 * `demo-<name>` logs that user in, again and again. `demo-<name>-<anything>` is the same user but a code as WeChat
 * gives it, good for one login. Anything else is no code.
 */
function login({ query }: Call, context: WeixinContext): object {
  if (applicationOf(query, context) !== context.app.appId) throw new WeixinRefusal(40013)
  const code = query.js_code ?? ''
  const documented = documentedLogin(code)
  if (documented) {
    const { sessionKey, openid, unionid } = context.weixinUsers.welcome(documented)
    return { session_key: sessionKey, openid, unionid }
  }
  const [, name, once] = DEMO_CODE.exec(code) ?? []
  if (name === undefined || context.usedCodes.has(code)) throw new WeixinRefusal(40029)
  if (once !== undefined) context.usedCodes.add(code)
  const { sessionKey, openid, unionid } = context.weixinUsers.named(name)
  return { session_key: sessionKey, openid, unionid }
}

export const authEntries: readonly Entry[] = [
  {
    name: 'auth.code2Session',
    method: 'GET',
    path: '/sns/jscode2session',
    token: false,
    contentType: 'text/plain',
    query: {
      appid: { missing: 41002, rules: [] },
      secret: { missing: 41004, rules: [] },
      js_code: { missing: 41008, rules: [] },
      grant_type: grant('authorization_code'),
    },
    quotas: [
      {
        per: 'minute',
        limit: 100,
        otherwise: 45011,
        key: ({ query: { js_code: code = '' } }) => DEMO_CODE.exec(code)?.[1] ?? code,
      },
    ],
    answer: login,
  },
  {
    name: 'auth.getAccessToken',
    method: 'GET',
    path: '/cgi-bin/token',
    token: false,
    query: clientCredential,
    quotas: [{ per: 'day', limit: 2000, otherwise: 45009 }],
    answer({ query }, context) {
      return context.tokens.plain(applicationOf(query, context))
    },
  },
  {
    name: 'auth.getStableAccessToken',
    method: 'POST',
    path: '/cgi-bin/stable_token',
    token: false,
    body: clientCredential,
    quotas: [
      { per: 'minute', limit: 10_000, otherwise: 45011 },
      { per: 'day', limit: 500_000, otherwise: 45009 },
    ],
    answer({ body }, context) {
      return context.tokens.stable(applicationOf(body, context), body.force_refresh === true)
    },
  },
]

const givePhoneNumber: Effect = ({ body }, { phoneCodes }, documented) => {
  if (documented) return undefined
  const info = phoneCodes.use(String(body.code))
  if (!info) throw new WeixinRefusal(40029)
  return { errcode: 0, errmsg: 'ok', phone_info: info }
}

/** `/wxa/business/getuserphonenumber`. */
export const phoneNumber = { answer: givePhoneNumber }
