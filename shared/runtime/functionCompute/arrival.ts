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

/** Reads an FC 2.0 HTTP call, whose body may be there already or still has to be read from the request. */
export async function fromFcRequest(request: unknown, context: unknown): Promise<Arrival> {
  const given = asFields(request)
  const ip = asString(given.clientIP)
  return {
    ...contextFields(context),
    source: 'http',
    input: {},
    ...(ip === undefined ? {} : { client: { ip } }),
    httpCall: {
      method: asString(given.method)?.toUpperCase() ?? 'GET',
      path: asString(given.path) ?? '/',
      headers: lowerCaseNames(given.headers),
      query: asTexts(given.queries),
      rawBody: await bodyOf(request),
      ...(isParsed(given.body) ? { isBodyParsed: true } : {}),
    },
  }
}

async function bodyOf(request: unknown): Promise<Buffer> {
  const { body } = request as { body?: unknown }
  if (body !== undefined && body !== null) return rawBytes(body, false)
  if (typeof (request as AsyncIterable<unknown>)[Symbol.asyncIterator] !== 'function') return Buffer.alloc(0)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(chunk as Buffer)
    size += bytes.length
    chunks.push(bytes)
    // Cut here it is still longer than anybody reads.
    if (size > MAX_BODY) break
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

const isHttpEvent = (event: Fields): boolean =>
  typeof event.rawPath === 'string' &&
  typeof event.version === 'string' &&
  typeof event.requestContext === 'object'

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

function decodePath(path: string): string {
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
