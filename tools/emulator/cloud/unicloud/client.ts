import { createHmac } from 'node:crypto'
import { opaqueToken } from '../../../../shared/clock.js'
import { sameText } from '../../../../shared/crypto/index.js'
import { type CloudContext, FunctionFailure } from '../calls.js'
import {
  BodyTooLarge,
  type Exchange,
  type HttpAnswer,
  json,
  jsonObject,
  type RequestHandler,
} from '../http.js'
import { LIMITS, LOCAL_SPACE } from '../limits.js'
import { callUniCloud } from './call.js'

/**
 * `POST /client`: the protocol that `uniCloud.callFunction` of an Alibaba space speaks. The published client is its
 * only specification; error codes are those of doc.dcloud.net.cn/uniCloud/system-error.html.
 */
export function clientHandler(cloud: CloudContext): RequestHandler {
  const tokens = anonymousTokens(cloud)
  return async (exchange) => {
    try {
      const body = await readEnvelope(cloud, exchange)
      checkSpaceAndSignature(cloud, exchange, body)
      return await answerMethod(cloud, tokens, exchange, body)
    } catch (error) {
      return refusal(cloud, error)
    }
  }
}

type Envelope = Record<string, unknown>

/** A refusal of the local cloud itself. */
class ClientError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

async function readEnvelope(cloud: CloudContext, exchange: Exchange): Promise<Envelope> {
  const body = jsonObject((await exchange.body(cloud.limits.clientBodyBytes)).toString('utf8'))
  if (body === undefined) throw new ClientError('InvalidBody.Format', 400, 'The request Body is not valid.')
  return body
}

/** HMAC-MD5 over the body's truthy members, sorted, as `k=v&k=v`; lower-case hex. */
export function clientSignature(body: Envelope, secret: string): string {
  const pairs = Object.keys(body)
    .filter((key) => body[key])
    .sort()
    .map((key) => `${key}=${body[key]}`)
  return createHmac('md5', secret).update(pairs.join('&')).digest('hex')
}

function checkSpaceAndSignature({ clock }: CloudContext, { headers }: Exchange, body: Envelope): void {
  if (body.spaceId !== LOCAL_SPACE.spaceId) {
    throw new ClientError('InvalidSpaceId.NotFound', 404, 'The specified SpaceId does not exist.')
  }
  const expected = clientSignature(body, LOCAL_SPACE.clientSecret)
  if (!sameText(headers['x-serverless-sign'] ?? '', expected)) {
    throw new ClientError('SignatureNotMatch', 403, 'The signature does not fit the body and clientSecret.')
  }
  if (typeof body.timestamp !== 'number') {
    throw new ClientError('InvalidBody.Format', 400, 'timestamp: expected milliseconds as a number')
  }
  if (Math.abs(clock.now() - body.timestamp) > LIMITS.clockSkewMs) {
    throw new ClientError('RequestTimeout', 400, 'timestamp: too far from the time of this machine')
  }
}

async function answerMethod(
  cloud: CloudContext,
  tokens: AnonymousTokens,
  exchange: Exchange,
  body: Envelope,
): Promise<HttpAnswer> {
  if (!body.method) throw new ClientError('MissingMethod', 400, 'Method is mandatory for this request.')
  if (body.method === 'serverless.auth.user.anonymousAuthorize') {
    return json(200, {
      success: true,
      data: { accessToken: tokens.issue(), expiresInSecond: LIMITS.anonymousTokenSeconds },
    })
  }
  if (body.method !== 'serverless.function.runtime.invoke') {
    throw new ClientError('InvalidMethod.Format', 400, 'The specified Method is not valid.')
  }
  // Only the body's copy is signed; the header's must not be able to say something else.
  if (body.token !== exchange.headers['x-basement-token'] || !tokens.isGood(body.token)) {
    throw new ClientError('GATEWAY_INVALID_TOKEN', 401, 'The access token is unknown or has expired.')
  }
  return invoke(cloud, exchange, body.params)
}

async function invoke(cloud: CloudContext, { ip, headers }: Exchange, params: unknown): Promise<HttpAnswer> {
  if (!params) throw new ClientError('MissingParams', 400, 'Params is mandatory for this request.')
  const { functionTarget, functionArgs } = (typeof params === 'string' && jsonObject(params)) || {}
  if (typeof functionTarget !== 'string' || typeof functionArgs !== 'object') {
    throw new ClientError('InvalidParams.Format', 400, 'The Params is not valid.')
  }
  const config = cloud.bundles.find(functionTarget)
  if (!config) {
    throw new ClientError('FUNCTION_NOT_FOUND', 404, `FUNCTION_NOT_FOUND: there is no ${functionTarget}`)
  }
  const { clientInfo, ...event } = { ...functionArgs } as Envelope
  const userAgent = headers['user-agent'] ?? ''
  const { uniIdToken } = event
  const about = { source: 'client', ip, userAgent, clientInfo, uniIdToken } as const
  const patience = cloud.limits.clientSeconds
  const { result, requestId } = await callUniCloud(cloud, { config, event, ...about, patience })
  const header = { 'x-serverless-request-id': requestId }
  return json(200, { success: true, data: result, header }, { ...header, 'request-id': requestId })
}

function refusal(cloud: CloudContext, error: unknown): HttpAnswer {
  const { code, status, message } = asClientError(cloud, error)
  return json(status, { success: false, error: { code, message } })
}

function asClientError(cloud: CloudContext, error: unknown): ClientError {
  if (error instanceof ClientError) return error
  if (error instanceof BodyTooLarge) return new ClientError('InvalidBody.Format', 413, error.message)
  if (error instanceof FunctionFailure) {
    if (error.kind === 'timeout') return new ClientError('RequestTimeout', 400, 'The request has timed out.')
    return new ClientError('FunctionBizError', 200, error.message)
  }
  cloud.log(`client handle: ${error instanceof Error ? error.stack : String(error)}`)
  return new ClientError('InternalError', 500, 'The request processing has failed.')
}

export interface AnonymousTokens {
  issue(): string
  isGood(token: unknown): boolean
}

/**
 * The access tokens a client gets without logging in. They are kept in memory: a restarted local cloud knows none, the
 * client is told GATEWAY_INVALID_TOKEN, and asks for another by itself.
 */
export function anonymousTokens({ clock, random }: Pick<CloudContext, 'clock' | 'random'>): AnonymousTokens {
  const expiry = new Map<string, number>()
  return {
    issue() {
      const now = clock.now()
      for (const [token, expiresAt] of expiry) if (expiresAt <= now) expiry.delete(token)
      const token = opaqueToken(random)
      expiry.set(token, now + LIMITS.anonymousTokenSeconds * 1000)
      return token
    },
    isGood: (token) => typeof token === 'string' && (expiry.get(token) ?? 0) > clock.now(),
  }
}
