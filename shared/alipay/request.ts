import { beijingDateTime } from '../clock.js'
import type { AlipayApp } from '../config/alipayApp.js'
import { type CbcBox, openAes128Cbc, sealAes128Cbc } from '../crypto/index.js'
import type { Context } from '../operation/index.js'
import { type RawAnswer, splitAnswer } from './answer.js'
import { canonical, certificateParams, settingMissing, signedBy } from './signature.js'

/** What a call of Alipay works with; in the store, if there is one, certificates are kept. */
export type AlipayDependencies = Pick<Context, 'http' | 'clock' | 'random' | 'timeLeft' | 'upstream'> &
  Partial<Pick<Context, 'store' | 'hasStore'>>

/** An application and what calling for it needs: the first parameter of everything that asks Alipay. */
export interface AlipayClient {
  app: AlipayApp
  dependencies: AlipayDependencies
}

/** What is asked of Alipay, in the names of the wire. */
export interface AlipayRequest {
  /** Such as `alipay.trade.query`. */
  method: string
  /** Travels as JSON text; a text is such JSON already. */
  bizContent?: object | string
  /** Business parameters of the methods that want them beside `biz_content`, such as `grant_type`. */
  params?: Readonly<Record<string, string>>
  notifyUrl?: string
  /** A user's access token. */
  authToken?: string
  /** A merchant's token, for agencies that act on its behalf. */
  appAuthToken?: string
  /** Sends `biz_content` encrypted. */
  encrypt?: boolean
}

/**
 * Every parameter of the request and, last, their signature. `biz_content` is made into text here and nowhere else,
 * so that what is signed is what is sent. `now` in milliseconds; Alipay reads the timestamp as Beijing time.
 * https://opendocs.alipay.com/common/02kf5q
 */
export function signedParams(app: AlipayApp, request: AlipayRequest, now: number): [string, string][] {
  const named = {
    ...request.params,
    app_id: app.appId,
    method: request.method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: app.signType,
    timestamp: beijingDateTime(now),
    version: '1.0',
    notify_url: request.notifyUrl,
    auth_token: request.authToken,
    app_auth_token: request.appAuthToken,
    ...certificateParams(app),
    ...content(app, request),
  }
  const given = Object.entries(named)
    .filter((param): param is [string, string] => param[1] !== undefined && param[1] !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return [...given, ['sign', signedBy(app, canonical(given))]]
}

function content(app: AlipayApp, { bizContent, encrypt }: AlipayRequest): Record<string, string> {
  if (bizContent === undefined) return {}
  const text = typeof bizContent === 'string' ? bizContent : JSON.stringify(bizContent)
  return encrypt ? { encrypt_type: 'AES', biz_content: encryptContent(app, text) } : { biz_content: text }
}

/** What payers' apps hand to Alipay's SDK: each value percent-encoded once, spaces as `%20`. */
export const orderString = ({ app, dependencies }: AlipayClient, request: AlipayRequest): string =>
  encoded(signedParams(app, request, dependencies.clock.now()))

/** `+` for a space, as forms have it, is not understood by every client SDK; `%20` is by all. */
const encoded = (params: readonly (readonly [string, string])[]): string =>
  params.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')

/** Set here for every request: a caller's parameters cannot name another application or another way of signing. */
export const OWN_PARAMS: readonly string[] = [
  'app_id',
  'method',
  'format',
  'charset',
  'sign_type',
  'sign',
  'timestamp',
  'version',
  'app_cert_sn',
  'alipay_root_cert_sn',
  'encrypt_type',
]

/** The parameters every method has. Alipay reads `charset` from the query before it reads the body. */
const IN_QUERY: ReadonlySet<string> = new Set([...OWN_PARAMS, 'notify_url', 'auth_token', 'app_auth_token'])

/** The POST that carries the request. */
function gatewayPost(app: AlipayApp, request: AlipayRequest, now: number): { url: string; body: string } {
  const params = signedParams(app, request, now)
  return {
    url: `${app.gateway}?${encoded(params.filter(([name]) => IN_QUERY.has(name)))}`,
    body: encoded(params.filter(([name]) => !IN_QUERY.has(name))),
  }
}

/** Alipay fixes the initial vector: sixteen zero bytes. https://opendocs.alipay.com/common/02mse3 */
const ZERO_IV = Buffer.alloc(16)

function contentBox(app: AlipayApp): CbcBox {
  if (app.aesKey === undefined) throw settingMissing(app, 'key for encrypted content', 'ALIPAY_AES_KEY')
  return { key: Buffer.from(app.aesKey, 'base64'), iv: ZERO_IV }
}

/** Base64 of the encrypted UTF-8 text. */
export const encryptContent = (app: AlipayApp, text: string): string =>
  sealAes128Cbc(contentBox(app), Buffer.from(text)).toString('base64')

/** The reverse of {@link encryptContent}. Throws one error whatever is wrong; check the signature first. */
export const decryptContent = (app: AlipayApp, base64: string): string =>
  openAes128Cbc(contentBox(app), Buffer.from(base64, 'base64')).toString('utf8')

/** User ids are sixteen digits; open_ids, which belong to one application, never look like that. */
const USER_ID = /^2088\d{12}$/

/**
 * The one field that takes this user: Alipay has two names for everybody, and where a user goes two fields, such as
 * `buyer_id` and `buyer_open_id`. https://opendocs.alipay.com/mini/0ai2i6
 */
export const userField = <Id extends string, OpenId extends string>(
  forUserId: Id,
  forOpenId: OpenId,
  openid: string,
): Partial<Record<Id | OpenId, string>> => {
  const field: Partial<Record<string, string>> = { [USER_ID.test(openid) ? forUserId : forOpenId]: openid }
  return field as Partial<Record<Id | OpenId, string>>
}

/** Alipay answers within a few seconds or not at all. */
const LONGEST_MS = 10_000

/** Left for what has to happen after the answer. */
const RESERVE_MS = 300

/** Sends one signed request and takes the answer apart. Rejects with an unknown outcome when none came. */
export async function sendSigned(
  { app, dependencies }: AlipayClient,
  request: AlipayRequest,
): Promise<RawAnswer> {
  const answer = await dependencies.http.request({
    method: 'POST',
    ...gatewayPost(app, request, dependencies.clock.now()),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    timeoutMs: Math.min(LONGEST_MS, dependencies.timeLeft() - RESERVE_MS),
  })
  return splitAnswer(request.method, answer)
}
