import * as v from 'valibot'
import { nonce } from '../../clock.js'
import { invalidSetting, type Settings } from '../../config/index.js'
import { hmacSha256, sha256Hex } from '../../crypto/digest.js'
import { NO_TOKEN_FROM_HUB, openapiError, REFUSED_BY_TOKEN_HUB } from '../../errors/index.js'
import type { HttpAnswer } from '../../http/http.js'
import type { Context } from '../../operation/index.js'
import type { FetchedToken } from '../../token/lease.js'

/**
 * The token hub: an environment without the AppSecret reads the current access token from one that has it, by
 * `tokenGet`. Here is what both ends have to agree on, and how the reader asks.
 */

/**
 * What is signed as the path: the function's own name, since a cloud may cut off or put in front of a URL's path
 * whatever it likes before the function sees it.
 */
const PATH = '/tokenGet'

export const HUB_HEADERS = {
  timestamp: 'x-hub-timestamp',
  nonce: 'x-hub-nonce',
  signature: 'x-hub-signature',
} as const

/** A call of the hub as it is signed; `timestamp` in seconds. */
export interface HubCall {
  method: string
  timestamp: string
  nonce: string
  body: string | Buffer
}

/** HMAC-SHA256 under TOKEN_HUB_KEY over method, path, timestamp, nonce and body, a line each; lower-case hex. */
export function hubSignature(key: Buffer, { method, timestamp, nonce, body }: HubCall): string {
  const head = Buffer.from([method, PATH, timestamp, nonce, ''].join('\n'))
  return hmacSha256(key, Buffer.concat([head, Buffer.from(body as Buffer)])).toString('hex')
}

/** TOKEN_HUB_KEY as bytes. MISSING_SETTING, INVALID_SETTING. */
export function hubKey(settings: Settings): Buffer {
  const key = Buffer.from(settings.require('TOKEN_HUB_KEY'), 'base64')
  if (key.length >= 32) return key
  throw invalidSetting('TOKEN_HUB_KEY', 'less than 32 bytes of base64')
}

/** Names a token without revealing it. */
export const tokenDigest = (token: string): string => sha256Hex(token)

/** Where tokens are read from; undefined where this environment fetches its own. */
export function hubUrl(settings: Settings): string | undefined {
  const url = settings.get('WEIXIN_TOKEN_HUB_URL')
  if (url === undefined) return undefined
  // The answer is a credential, so plain http is only for a hub on the same machine.
  if (/^https:\/\/[^\s?#]+$|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/[^\s?#]*)?$/.test(url))
    return url
  throw invalidSetting('WEIXIN_TOKEN_HUB_URL', 'neither an https URL without a query nor one of this machine')
}

const tokenAnswer = v.object({ errCode: v.literal(0), accessToken: v.string(), expiresIn: v.number() })
const errorAnswer = v.object({ errCode: v.union([v.string(), v.number()]), errMsg: v.string() })

/**
 * Reads an application's token. `dead` is one that WeChat has refused: the hub finds out whether it is still its
 * current one, and gets another if so. TOKEN_HUB_REFUSED, UPSTREAM_*.
 */
export async function readHub(
  { appId, dead }: { appId: string; dead?: string | undefined },
  { settings, clock, random, http }: Pick<Context, 'settings' | 'clock' | 'random' | 'http'>,
  timeoutMs: number,
): Promise<FetchedToken> {
  const url = hubUrl(settings)
  if (url === undefined) throw settings.missing('WEIXIN_TOKEN_HUB_URL')
  const body = JSON.stringify({ appId, ...(dead === undefined ? {} : { dead: tokenDigest(dead) }) })
  const timestamp = String(Math.floor(clock.now() / 1000))
  const call = { method: 'POST', timestamp, nonce: nonce(random), body } as const
  const headers = {
    'content-type': 'application/json',
    [HUB_HEADERS.timestamp]: timestamp,
    [HUB_HEADERS.nonce]: call.nonce,
    [HUB_HEADERS.signature]: hubSignature(hubKey(settings), call),
  }
  const answer = await http.request({ method: 'POST', url, headers, body, timeoutMs, maxBytes: 64 * 1024 })
  return tokenFrom(answer)
}

function tokenFrom({ status, body }: HttpAnswer): FetchedToken {
  const fields = parseBody(body)
  const token = v.safeParse(tokenAnswer, fields)
  if (status === 200 && token.success) {
    const { accessToken, expiresIn } = token.output
    return { token: accessToken, expiresInSeconds: expiresIn }
  }
  const refusal = v.safeParse(errorAnswer, fields)
  if (!refusal.success) throw openapiError(NO_TOKEN_FROM_HUB, { status })
  const { errMsg } = refusal.output
  throw openapiError(REFUSED_BY_TOKEN_HUB, { why: errMsg }, status < 500 ? {} : { advice: 'retry' })
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
