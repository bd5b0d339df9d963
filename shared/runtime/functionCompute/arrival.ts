import type { Clock } from '../../clock.js'
import { OpenapiError, openapiError, REQUEST_BROKEN_OFF, REQUEST_TIMEOUT } from '../../errors/index.js'
import type { HttpReply } from '../../operation/index.js'
import {
  type Arrival,
  asFields,
  asString,
  asTexts,
  bodyFields,
  type Fields,
  isParsed,
  lowerCaseNames,
  MAX_BODY,
  rawBytes,
} from '../arrival.js'
import type { FcEnvironment } from './invoke.js'

/** Until when a body is waited for. */
export interface ReadingTime {
  clock: Clock
  /** When the answer has to be ready (ms), of a call that arrived now; the platform's limit in seconds, where it has one. */
  deadline(platformTimeout: number | undefined): number
}

/**
 * Reads an FC 2.0 HTTP call, whose body may be there already or still has to be read from the request. A body that
 * breaks off, or has no end in time, is no reason to give no answer: the call arrives without it and says why.
 */
export async function fromFcRequest(
  request: unknown,
  context: unknown,
  { clock, deadline }: ReadingTime,
): Promise<Arrival> {
  const given = asFields(request)
  const ip = asString(given.clientIP)
  const about = contextFields(context)
  const arrivedAt = clock.now()
  const read = await bodyOf(request, deadline(about.platformTimeout), clock).catch(
    (error: OpenapiError) => error,
  )
  return {
    ...about,
    source: 'http',
    arrivedAt,
    ...(read instanceof OpenapiError ? { unreadable: read } : {}),
    input: {},
    ...(ip === undefined ? {} : { client: { ip } }),
    httpCall: {
      method: asString(given.method)?.toUpperCase() ?? 'GET',
      path: asString(given.path) ?? '/',
      headers: lowerCaseNames(given.headers),
      query: asTexts(given.queries),
      rawBody: read instanceof OpenapiError ? Buffer.alloc(0) : read,
      ...(isParsed(given.body) ? { isBodyParsed: true } : {}),
    },
  }
}

async function bodyOf(request: unknown, deadline: number, clock: Clock): Promise<Buffer> {
  const { body } = request as { body?: unknown }
  if (body !== undefined && body !== null) return rawBytes(body, false)
  if (typeof (request as AsyncIterable<unknown>)[Symbol.asyncIterator] !== 'function') return Buffer.alloc(0)
  const done = new AbortController()
  const tooLate = clock.sleep(deadline - clock.now(), done.signal)
  try {
    return await bytesOf(request as AsyncIterable<Buffer | string>, async (next) => {
      const found = await Promise.race([next, tooLate])
      // A stream that never pauses lets no timer have its turn.
      if (!found || clock.now() >= deadline) throw openapiError(REQUEST_TIMEOUT)
      return found
    })
  } catch (cause) {
    throw cause instanceof OpenapiError ? cause : openapiError(REQUEST_BROKEN_OFF, {}, { cause })
  } finally {
    done.abort()
  }
}

type Piece = IteratorResult<Buffer | string>

/** Read by hand: a loop that is left early would destroy the stream, and with it the connection that the answer takes. */
async function bytesOf(
  stream: AsyncIterable<Buffer | string>,
  inTime: (next: Promise<Piece>) => Promise<Piece>,
): Promise<Buffer> {
  const pieces = stream[Symbol.asyncIterator]()
  const chunks: Buffer[] = []
  let size = 0
  // Cut at this size it is still longer than anybody reads.
  while (size <= MAX_BODY) {
    const { done, value } = await inTime(pieces.next())
    if (done) break
    const bytes = Buffer.from(value as Buffer)
    size += bytes.length
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/**
 * Reads an FC event: an FC 3.0 HTTP call, a timer, or a plain invocation. Whoever may invoke the function passed
 * the cloud's own access control, so a plain event is the merchant's server; a URL call always has the HTTP shape,
 * whatever its body says.
 */
export function fromFcEvent(event: unknown, context: unknown): Arrival {
  const given = parseEvent(event)
  const common = contextFields(context)
  if (isHttpEvent(given)) return { ...common, ...fromFc3Http(given) }
  if (typeof given.triggerTime === 'string' && typeof given.triggerName === 'string') {
    return { ...common, source: 'timer', input: {} }
  }
  return { ...common, source: 'server', input: given }
}

/**
 * Any part of the shape makes it one. An invocation by the API may arrive so as well, of a function that has an HTTP
 * trigger: nothing in it that only the platform could have written tells it from a URL call, so it ranks as one.
 */
const isHttpEvent = (event: Fields): boolean =>
  typeof event.rawPath === 'string' || 'http' in asFields(event.requestContext)

function fromFc3Http(event: Fields): Arrival {
  const http = asFields(asFields(event.requestContext).http)
  const ip = asString(http.sourceIp)
  return {
    source: 'http',
    input: {},
    ...(ip === undefined ? {} : { client: { ip } }),
    httpCall: {
      method: asString(http.method)?.toUpperCase() ?? 'GET',
      path: asString(http.path) ?? decodePath(String(event.rawPath)),
      headers: lowerCaseNames(event.headers),
      query: asTexts(event.queryParameters),
      ...bodyFields(event.body, event.isBase64Encoded),
    },
  }
}

/** The path as it was meant, or as it came where its escapes are broken. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function parseEvent(event: unknown): Fields {
  if (!Buffer.isBuffer(event) && typeof event !== 'string') return asFields(event)
  try {
    return asFields(JSON.parse(event.toString()))
  } catch {
    return {}
  }
}

function contextFields(context: unknown): Pick<Arrival, 'requestId' | 'platformTimeout' | 'fc'> {
  const given = asFields(context)
  const requestId = asString(given.requestId)
  const { timeout } = asFields(given.function)
  const fc = fcEnvironmentOf(given)
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(typeof timeout === 'number' && timeout > 0 ? { platformTimeout: timeout } : {}),
    ...(fc ? { fc } : {}),
  }
}

/** Undefined without a role: then the context has no credentials. */
function fcEnvironmentOf(context: Fields): FcEnvironment | undefined {
  const credentials = asFields(context.credentials)
  const accountId = asString(context.accountId)
  const region = asString(context.region)
  const accessKeyId = asString(credentials.accessKeyId)
  const accessKeySecret = asString(credentials.accessKeySecret)
  const securityToken = asString(credentials.securityToken)
  if (!accountId || !region || !accessKeyId || !accessKeySecret || !securityToken) return undefined
  const service = asString(asFields(context.service).name)
  return {
    ...{ accountId, region, credentials: { accessKeyId, accessKeySecret, securityToken } },
    ...(service ? { service } : {}),
  }
}

/** The response object of an FC 2.0 HTTP function. */
interface FcResponse {
  setStatusCode(status: number): void
  setHeader(name: string, value: string): void
  send(body: string | Buffer): void
}

export const isFcResponse = (value: unknown): value is FcResponse =>
  typeof (value as FcResponse | undefined)?.setStatusCode === 'function'

export function sendFcResponse(response: FcResponse, reply: HttpReply): void {
  response.setStatusCode(reply.status)
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
  response.send(reply.body)
}
