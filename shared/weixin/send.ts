import { OpenapiError } from '../errors/index.js'
import { type HttpAnswer, type HttpRequest, repeated } from '../http/http.js'
import type { Context, ErrorMeanings } from '../operation/index.js'
import { type AnswerKind, type ReadAnswer, readAnswer } from './answer.js'
import type { WeixinApp } from './app.js'
import { BUSY, failure } from './failure.js'

/** One call of WeChat, credentials still missing. Wire names throughout. */
export interface WeixinCall {
  /** The dotted name, for the log. */
  api: string
  method: 'GET' | 'POST'
  path: string
  query?: Record<string, string>
  /** Sent as it is with the content type it names. */
  body?: { contentType: string; bytes: Buffer | string }
  /** `token`: access_token in the query. `secret` in the query, for login. `none`: the call carries its own. */
  credential: 'token' | 'secret' | 'none'
  answer: AnswerKind<unknown>
  /** Non-zero codes that are answers, not failures, such as a content check that found something. */
  results?: readonly number[]
  errors?: ErrorMeanings
  repeat: 'safe' | 'never'
}

const DEFAULT_BASE = 'https://api.weixin.qq.com'
/** No single attempt takes the whole of a long invocation. */
const ATTEMPT_MS = 10_000

/**
 * Sends one call with the token given, if it needs one. Busy answers and network failures are repeated where a repeat
 * is safe and time is left; everything else is thrown as WeChat reports it.
 */
export function send(
  call: WeixinCall,
  app: WeixinApp,
  token: string | undefined,
  context: Context,
): Promise<unknown> {
  const once = () => attempt(call, app, token, context)
  return call.repeat === 'safe' ? repeated(once, { isTransient }, context) : once()
}

const isTransient = (error: unknown): boolean =>
  error instanceof OpenapiError && (error.errCode === BUSY || /^UPSTREAM_/.test(String(error.errCode)))

async function attempt(
  call: WeixinCall,
  app: WeixinApp,
  token: string | undefined,
  context: Context,
): Promise<unknown> {
  const startedAt = context.clock.now()
  let code: number | string = 0
  try {
    const answer = await exchange(call, app, httpRequest(call, app, token, context), context)
    const { status, value } = await readAnswer(answer, call.answer)
    code = status.errcode ?? 0
    if (code !== 0 && !call.results?.includes(code)) throw await failure(status, call.errors)
    return call.results?.includes(code) ? withStatus(value, status) : value
  } catch (error) {
    if (error instanceof OpenapiError) code = error.errCode
    throw error
  } finally {
    context.upstream({ api: call.api, ms: context.clock.now() - startedAt, code })
  }
}

/** One request and its answer, encrypted and signed both ways where the application asks for API security. */
async function exchange(
  { method, path, body }: WeixinCall,
  app: WeixinApp,
  request: HttpRequest,
  context: Context,
): Promise<HttpAnswer> {
  if (method !== 'POST' || body === undefined || !context.settings.get('WEIXIN_API_SYMMETRIC_KEY'))
    return context.http.request(request)
  const { apiSecurityOf, verifyAnswer, encryptRequest, securedPaths } = await import('./apiSecurity.js')
  const security = securedPaths.has(path) ? apiSecurityOf(app.appId, context.settings) : undefined
  if (!security) return context.http.request(request)
  const fields = JSON.parse(String(body.bytes)) as object
  const secured = encryptRequest(path, fields, security, context)
  const answer = await context.http.request({ ...request, ...secured })
  return verifyAnswer(path, answer, security, context.clock.now())
}

const withStatus = (value: unknown, { errcode, errmsg }: ReadAnswer['status']): unknown => ({
  ...(value as object),
  errCode: errcode,
  errMsg: errmsg,
})

function httpRequest(
  call: WeixinCall,
  app: WeixinApp,
  token: string | undefined,
  context: Context,
): HttpRequest {
  const query = new URLSearchParams(call.query)
  if (token !== undefined) query.set('access_token', token)
  if (call.credential === 'secret') {
    query.set('appid', app.appId)
    query.set('secret', secretOf(app, context))
  }
  const base = context.settings.get('WEIXIN_API_BASE_URL') ?? DEFAULT_BASE
  const search = query.toString()
  return {
    method: call.method,
    url: `${base.replace(/\/+$/, '')}${call.path}${search ? `?${search}` : ''}`,
    timeoutMs: Math.min(ATTEMPT_MS, context.timeLeft()),
    ...(call.body ? { headers: { 'content-type': call.body.contentType }, body: call.body.bytes } : {}),
  }
}

/** The AppSecret, or an error that names the setting for it. */
export function secretOf(app: WeixinApp, context: Context): string {
  if (app.secret !== undefined) return app.secret
  throw context.settings.missing(app.kind === 'h5' ? 'WEIXIN_H5_APP_SECRET' : 'WEIXIN_APP_SECRET')
}
