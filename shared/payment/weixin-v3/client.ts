import { invalidParam, OpenapiError } from '../../errors/index.js'
import { type HttpAnswer, repeated } from '../../http/http.js'
import { traced } from '../../operation/operation.js'
import type { ProviderDependencies } from '../provider.js'
import { attemptMs, isConnectionFailure, LEAST_MS, timestampAndNonce, unverified } from '../weixin/call.js'
import { errCodes, mayBeGone, refused, unverifiedAnswer } from './failure.js'
import { type Fields, Incomplete, parsedObject } from './fields.js'
import { authorization, type KeyRing, type V3Merchant, verifySignature } from './signature.js'

/** One merchant, the keys to verify WeChat Pay with, and what calling needs: the first parameter of every call. */
export interface V3Client {
  merchant: V3Merchant
  keys: KeyRing
  dependencies: ProviderDependencies
}

export interface V3Request {
  method: 'GET' | 'POST'
  /** Path and query, percent-encoded, see {@link target}. */
  target: string
  body?: object
  /**
   * `safe`: may be sent again whenever no answer can be relied on. `never`: only when nothing has left, or WeChat Pay
   * itself asks for the same request again.
   */
  repeat: 'safe' | 'never'
  /** The serial of the key that sensitive fields of the body are encrypted with. */
  encryptedFor?: string
}

export interface V3Answer {
  fields: Fields
  raw: Buffer
}

/** One part of a path. `*` and the like too: WeChat Pay wants everything encoded that order numbers may hold. */
export const pathPart = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Path and query as they are sent and signed; parameters that are undefined are left out. */
export function target(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${pathPart(value)}`],
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** A number that a call cannot do without. */
export function requiredNumber(field: 'outTradeNo' | 'outRefundNo', value: string | undefined): string {
  if (value !== undefined) return value
  throw invalidParam(field, 'required here, WeChat Pay V3 asks for it by this number alone')
}

const MAIN = 'https://api.mch.weixin.qq.com'
const SECOND = 'https://api2.mch.weixin.qq.com'

/** The addresses of WeChat Pay, the one to try first in front. Another address, a local one say, has no second. */
export const domainsOf = ({ baseUrl }: V3Merchant): readonly string[] =>
  baseUrl === MAIN ? [MAIN, SECOND] : [baseUrl]

/**
 * One V3 request and its authentic answer. Busy answers and failed connections are tried again where that is safe
 * and time is left, the latter at the second domain. Rejects with WeChat Pay's own code; with an unknown outcome
 * whenever nothing authentic came back.
 */
export async function callV3(client: V3Client, request: V3Request): Promise<V3Answer> {
  const { merchant, keys, dependencies } = client
  await keys.ready()
  const domains = domainsOf(merchant)
  let failedConnections = 0
  const once = async () => {
    try {
      return await attempt(client, request, domains[failedConnections % domains.length] ?? merchant.baseUrl)
    } catch (error) {
      if (error instanceof OpenapiError && isConnectionFailure(error)) failedConnections++
      throw error
    }
  }
  const isTransient = (error: unknown) => error instanceof OpenapiError && mayRepeat(request, error)
  const rule = { isTransient, movesMoney: request.repeat === 'never', leastMs: LEAST_MS }
  return repeated(once, rule, dependencies)
}

function mayRepeat({ repeat }: V3Request, failure: OpenapiError): boolean {
  if (isConnectionFailure(failure)) return failure.outcome === 'failed' || repeat === 'safe'
  if (!mayBeGone(failure)) return false
  return repeat === 'safe' || Object.hasOwn(errCodes, failure.errCode)
}

const attempt = (client: V3Client, request: V3Request, base: string): Promise<V3Answer> =>
  traced(client.dependencies, apiName(request, base), async () => {
    const { method, target, body, encryptedFor } = request
    const answer = await sendSigned(client, {
      ...{ method, url: `${base}${target}` },
      ...(encryptedFor === undefined ? {} : { encryptedFor }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return verifiedAnswer(client, answer)
  })

/** Without the query; the second domain shows, since its use means trouble at the first. */
const apiName = ({ target }: V3Request, base: string): string =>
  `${base === SECOND ? 'api2 ' : ''}${target.replace(/\?.*$/, '')}`

/** A request as it goes out. */
export interface SentRequest extends Pick<V3Request, 'method' | 'encryptedFor'> {
  /** The whole URL exactly as it is sent: its path and query are what is signed. */
  url: string
  /** JSON text. */
  body?: string
  /** The largest answer, in bytes. */
  maxBytes?: number
}

/**
 * Sends one request, signed anew each time since a signature lasts five minutes. Nothing about the answer is proved
 * yet: whoever calls has to verify it.
 */
export async function sendSigned(
  { merchant, dependencies }: Pick<V3Client, 'merchant' | 'dependencies'>,
  { method, url, body, encryptedFor, maxBytes }: SentRequest,
): Promise<HttpAnswer> {
  const signed = { method, target: url.replace(/^https?:\/\/[^/?#]+/, ''), body: body ?? '' }
  const serial = encryptedFor ?? merchant.v3.publicKeys[0]?.id
  return dependencies.http.request({
    method,
    url,
    headers: {
      authorization: authorization(merchant, signed, timestampAndNonce(dependencies)),
      accept: 'application/json',
      'user-agent': 'unicloud-openapi',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(serial === undefined ? {} : { 'wechatpay-serial': serial }),
    },
    ...(body === undefined ? {} : { body }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(merchant.ca === undefined ? {} : { ca: merchant.ca }),
    timeoutMs: attemptMs(dependencies),
  })
}

/** What an answer says, if it is WeChat Pay's and no refusal; rejects as {@link callV3} does. */
export async function verifiedAnswer(client: V3Client, answer: HttpAnswer): Promise<V3Answer> {
  const { keys, dependencies } = client
  const failure = await verifySignature(answer, dependencies.clock.now(), keys.find).catch(
    (cause: unknown) => {
      throw unverified('an answer, but the keys to verify it with could not be read', { answer, cause })
    },
  )
  if (failure) throw await unverifiedAnswer(answer, failure, { ...client, known: keys.known })
  if (answer.status !== 200 && answer.status !== 204) throw refused(answer)
  const fields = answer.body.length === 0 ? {} : parsedObject(answer.body)
  if (!fields) throw unverified('an answer that is no JSON object', { answer })
  return { fields, raw: answer.body }
}

/** What `read` makes of an answer; an authentic answer that cannot be read so leaves the outcome unknown. */
export function readAnswer<Facts>({ fields }: V3Answer, read: (fields: Fields) => Facts): Facts {
  try {
    return read(fields)
  } catch (error) {
    if (error instanceof Incomplete) throw unverified(`an answer in which ${error.message}`)
    throw error
  }
}
