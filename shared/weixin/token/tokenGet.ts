import { sameText, sha256Hex } from '../../crypto/digest.js'
import {
  invalidParam,
  type OpenapiError,
  openapiError,
  TOKEN_HUB_REFUSED,
  TOKEN_NOT_SHARED,
  UNSIGNED_TOKEN_CALL,
} from '../../errors/index.js'
import { object, optional, text } from '../../operation/fields.js'
import {
  type Context,
  type HttpCall,
  type HttpReply,
  type Operation,
  unread,
  validate,
} from '../../operation/index.js'
import { weixinApp, weixinAppSettings } from '../app.js'
import { HUB_HEADERS, hubKey, hubSignature, tokenDigest } from './hub.js'
import { weixinToken } from './keeper.js'

/** How far a call's time may be from ours, both ways, in seconds. */
const WINDOW_S = 300

/** Bytes. A call names an application and perhaps a token's digest. */
const MAX_BODY = 1024

const request = object({
  appId: text({ max: 64, like: 'the id of an application that TOKEN_HUB_APPS names' }),
  dead: optional(text({ pattern: /^[0-9a-f]{64}$/, like: 'the SHA-256 of a token that WeChat has refused' })),
})

export interface HubToken {
  appId: string
  accessToken: string
  /** Seconds for which the token is still valid. */
  expiresIn: number
}

/**
 * Hands the current access token to another environment of ours that must not hold the AppSecret. The call is
 * signed with a key of its own and fetches nothing, unless the token it names as dead is still the current one.
 */
export const tokenGet = {
  name: 'token.get',
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html',
  title: {
    en: 'Hand the current access token to another environment of yours, by a signed URL call',
    zh: 'token 中控：凭签名把当前 access_token 提供给不持有密钥的其他环境',
  },
  input: unread,
  reach: 'callback',
  repeat: 'safe',
  settings: [...weixinAppSettings, 'TOKEN_HUB_APPS'],
  async run(_input: unknown, context: Context): Promise<HubToken> {
    const { httpCall, settings, client } = context
    if (!httpCall) throw openapiError(UNSIGNED_TOKEN_CALL)
    await verifyCall(httpCall, context)
    const { appId, dead } = validate(request, parseBody(httpCall))
    const readable = settings
      .require('TOKEN_HUB_APPS')
      .split(',')
      .map((each) => each.trim())
    if (!readable.includes(appId)) throw openapiError(TOKEN_NOT_SHARED)
    const tokens = weixinToken(weixinApp(settings, 'mp', appId), context)
    const current = await tokens.current()
    const isDead = dead !== undefined && sameText(tokenDigest(current.token), dead)
    if (isDead) await tokens.reportDead(current.token)
    const { token, expiresAt } = isDead ? await tokens.current() : current
    context.note('tokenHub.read', { appId, reader: client?.ip, wasDead: isDead })
    return { appId, accessToken: token, expiresIn: Math.floor((expiresAt - context.clock.now()) / 1000) }
  },
  reply: hubReply,
} satisfies Operation<typeof unread, HubToken>

/**
 * Refuses whoever does not hold the key, and every call that came before. Only a caller with the key gets to know that
 * its clock is wrong or that its call was a repeat.
 */
async function verifyCall({ method, headers, rawBody }: HttpCall, context: Context): Promise<void> {
  const { [HUB_HEADERS.timestamp]: timestamp = '', [HUB_HEADERS.nonce]: nonce = '' } = headers
  const signature = headers[HUB_HEADERS.signature] ?? ''
  const isWhole = rawBody.length <= MAX_BODY && /^\d{10}$/.test(timestamp) && /^[\w-]{16,64}$/.test(nonce)
  const expected = hubSignature(hubKey(context.settings), { method, timestamp, nonce, body: rawBody })
  if (!sameText(expected, signature) || !isWhole || method !== 'POST')
    throw refusal('the signature is not valid')
  const seconds = Number(timestamp)
  if (Math.abs(context.clock.now() / 1000 - seconds) > WINDOW_S) {
    throw refusal(`the time of the call is more than ${WINDOW_S} s from the hub's: set the clock`)
  }
  // Remembered for as long as its timestamp would be accepted.
  const { counters } = await context.store()
  const uses = await counters.hit(`tokenHub:${sha256Hex(nonce)}`, (seconds + WINDOW_S + 1) * 1000)
  if (uses > 1) throw refusal('this call came before')
}

const refusal = (why: string): OpenapiError => openapiError(TOKEN_HUB_REFUSED, { why })

function parseBody({ rawBody }: HttpCall): unknown {
  try {
    return JSON.parse(rawBody.toString('utf8'))
  } catch {
    throw invalidParam('body', 'expected a JSON object')
  }
}

function hubReply(result: unknown): HttpReply {
  const error = result instanceof Object && 'error' in result ? (result.error as OpenapiError) : undefined
  const fields = error
    ? { errCode: error.errCode, errMsg: error.errMsg }
    : { errCode: 0, errMsg: 'ok', ...(result as HubToken) }
  return {
    status: error?.status ?? 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(fields),
  }
}
