import { beijingDateTime } from '../clock.js'
import type { AlipayApp } from '../config/alipayApp.js'
import { canonical } from './canonical.js'
import { sealContent } from './content.js'
import { certificateParams, signedBy } from './keys/credentials.js'

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
  return encrypt ? { encrypt_type: 'AES', biz_content: sealContent(app, text) } : { biz_content: text }
}

/** What clients hand to Alipay's SDK: each value percent-encoded once, spaces as `%20`. */
export const orderString = (app: AlipayApp, request: AlipayRequest, now: number): string =>
  encoded(signedParams(app, request, now))

/** `+` for a space, as forms have it, is not understood by every client SDK; `%20` is by all. */
const encoded = (params: readonly (readonly [string, string])[]): string =>
  params.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')

/** Set here for every request: what identifies the application, and how it is signed, is nobody else's to say. */
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
export function gatewayPost(
  app: AlipayApp,
  request: AlipayRequest,
  now: number,
): { url: string; body: string } {
  const params = signedParams(app, request, now)
  return {
    url: `${app.gateway}?${encoded(params.filter(([name]) => IN_QUERY.has(name)))}`,
    body: encoded(params.filter(([name]) => !IN_QUERY.has(name))),
  }
}
