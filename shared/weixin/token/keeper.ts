import * as v from 'valibot'
import { invalidSetting } from '../../config/index.js'
import type { Context } from '../../operation/index.js'
import { createTokenKeeper, type TokenKeeper } from '../../token/keeper.js'
import type { FetchedToken, TokenKeeperOptions, TokenMode } from '../../token/lease.js'
import { json } from '../answer.js'
import type { WeixinApp } from '../app.js'
import { secretOf, send, type WeixinCall } from '../send.js'

const fetched = v.object({ accessToken: v.string(), expiresIn: v.number() })
const answer = json(fetched)

/** `force_refresh` makes a new token and kills the old one: 20 a day, 30 s apart. */
const stableCall = (app: WeixinApp, secret: string, forced: boolean): WeixinCall => ({
  api: 'auth.getStableAccessToken',
  method: 'POST',
  path: '/cgi-bin/stable_token',
  credential: 'none',
  body: {
    contentType: 'application/json',
    bytes: JSON.stringify({
      grant_type: 'client_credential',
      appid: app.appId,
      secret,
      ...(forced ? { force_refresh: true } : {}),
    }),
  },
  answer,
  repeat: 'safe',
})

/** One attempt only: after a lost answer, a repeat would make one more token and end the one before it. */
const plainCall: WeixinCall = {
  api: 'auth.getAccessToken',
  method: 'GET',
  path: '/cgi-bin/token',
  query: { grant_type: 'client_credential' },
  credential: 'secret',
  answer,
  repeat: 'never',
}

/** The keeper of one application's access token (DESIGN: Tokens); a token hub takes WeChat's place where one is set. */
export function weixinToken(app: WeixinApp, context: Context): TokenKeeper {
  const { clock, random, timeLeft, hasStore, store } = context
  const common = { clock, random, timeLeft, ...(hasStore ? { store } : {}) }
  const isFromHub = context.settings.get('WEIXIN_TOKEN_HUB_URL') !== undefined
  // Kept under a key of its own, since the hub decides how long its token is valid. As with a stable token, a fetch
  // may give the same token again unless it is forced.
  if (isFromHub) {
    const key = `weixin:${app.appId}:hub`
    return createTokenKeeper({ ...common, key, mode: 'stable', fetchToken: fromHub(app, context) })
  }
  const mode = tokenMode(context)
  const key = `weixin:${app.appId}:${mode}`
  return createTokenKeeper({ ...common, key, mode, fetchToken: fromWeixin(mode, app, context) })
}

type FetchToken = TokenKeeperOptions['fetchToken']

function fromHub({ appId }: WeixinApp, context: Context): FetchToken {
  let last: string | undefined
  return async ({ forced, timeoutMs }) => {
    const { readHub } = await import('./hub.js')
    // Forced means that WeChat has refused what came last.
    const fetched = await readHub({ appId, dead: forced ? last : undefined }, context, timeoutMs)
    last = fetched.token
    return fetched
  }
}

const fromWeixin =
  (mode: TokenMode, app: WeixinApp, context: Context): FetchToken =>
  async ({ forced, timeoutMs }): Promise<FetchedToken> => {
    const { clock } = context
    const end = clock.now() + timeoutMs
    const call = mode === 'stable' ? stableCall(app, secretOf(app, context), forced) : plainCall
    const within = { ...context, timeLeft: () => end - clock.now() }
    const { accessToken, expiresIn } = v.parse(fetched, await send(call, app, undefined, within))
    return { token: accessToken, expiresInSeconds: expiresIn }
  }

function tokenMode({ settings }: Context): TokenMode {
  const mode = settings.get('WEIXIN_TOKEN_MODE') ?? 'stable'
  if (mode === 'stable' || mode === 'plain') return mode
  throw invalidSetting('WEIXIN_TOKEN_MODE', 'neither stable nor plain')
}
