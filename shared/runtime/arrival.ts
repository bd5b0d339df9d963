import type { OpenapiError } from '../errors/index.js'
import type { ClientInfo, HttpCall, Source } from '../operation/index.js'
import type { FcEnvironment } from './functionCompute/invoke.js'

/** A call as it arrived, before anybody decided whether it may be answered. */
export interface Arrival {
  source: Source
  /** What the caller wrote. For `http` it is empty: the bytes are in `httpCall`, unparsed. */
  input: Record<string, unknown>
  httpCall?: HttpCall
  client?: ClientInfo
  /** When it arrived (ms), where reading it took time. */
  arrivedAt?: number
  /** Why its body could not be read; it is empty then. */
  unreadable?: OpenapiError
  requestId?: string
  /** Seconds after which the platform cuts the call off, where it says so. */
  platformTimeout?: number
  /** The edition of uniCloud, in its own word: `aliyun`, `tencent` or `alipay`. */
  edition?: string
  /** On Function Compute, where the function has a role: what it takes to call its neighbours. */
  fc?: FcEnvironment
}

export type Fields = Record<string, unknown>

export const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

export const asString = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/**
 * A header or parameter as one text, several joined by commas. No platform nests anything in them, so what does is a
 * forger's: it has no text, and making one of it would throw.
 */
function asText(value: unknown): string {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((each) => typeof each === 'string' || typeof each === 'number').join(',')
}

/** Header names in lower case, values as one text each. */
export function lowerCaseNames(headers: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(asFields(headers))) out[name.toLowerCase()] = asText(value)
  return out
}

export const asTexts = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(asFields(value)).map(([key, each]) => [key, asText(each)]))

/**
 * Bytes. The longest thing anybody sends here is a picture of 2 MB as base64. The clouds let far more through, which as
 * parsed JSON takes more room than a function has.
 */
export const MAX_BODY = 4 * 1024 * 1024

/** The body as a call has it. */
export const bodyFields = (
  body: unknown,
  isBase64Encoded: unknown,
): Pick<HttpCall, 'rawBody' | 'isBodyParsed'> => ({
  rawBody: rawBytes(body, isBase64Encoded),
  ...(isParsed(body) ? { isBodyParsed: true } : {}),
})

export const isParsed = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && !(body instanceof Uint8Array)

/**
 * The bytes that arrived. A platform that cannot pass bytes passes base64 and says so, uniCloud's page of URL calls as a
 * text (doc.dcloud.net.cn/uniCloud/http.html); that is undone here and nowhere else. A body that something has parsed already has lost its bytes and counts as empty: its signature
 * could not be checked any more.
 */
export function rawBytes(body: unknown, isBase64Encoded: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  if (body instanceof Uint8Array) return Buffer.from(body)
  if (typeof body !== 'string') return Buffer.alloc(0)
  return Buffer.from(body, isBase64Encoded === true || isBase64Encoded === 'true' ? 'base64' : 'utf8')
}
