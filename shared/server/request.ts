import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpReply } from '../operation/index.js'
import { type Arrival, isParsed } from '../runtime/arrival.js'
import { decodePath, fromFcRequest, type ReadingTime } from '../runtime/functionCompute/arrival.js'

/** What frameworks put beside a request of `node:http`. */
export type ServerRequest = IncomingMessage & { body?: unknown; rawBody?: unknown; baseUrl?: string }

/** How many proxies of one's own stand in front: each adds the address it was called from to `X-Forwarded-For`. */
export type TrustProxy = boolean | number

/** The path below `basePath`, without the query; undefined for what lies elsewhere. */
export function pathBelow(basePath: string, { url = '/', baseUrl }: ServerRequest): string | undefined {
  const path = url.split('?', 1)[0] ?? '/'
  // Express and Connect cut the path off that a handler is mounted at.
  if (basePath === '' || baseUrl === basePath) return path
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined
}

/**
 * Reads one HTTP request. Its body has to be the bytes that arrived, since signatures are over them: from the stream,
 * or where a parser that keeps bytes was faster (`express.raw()`, `rawBody`), from there. A stream that was consumed
 * is never waited for: the call arrives without a body, marked as parsed, and is refused by that name.
 */
export function fromRequest(
  request: ServerRequest,
  path: string,
  { trustProxy, reading }: { trustProxy: TrustProxy; reading: ReadingTime },
): Promise<Arrival> {
  const query = (request.url ?? '').split('?').slice(1).join('?')
  const body = bodyOf(request)
  const given = {
    method: request.method,
    path: decodePath(path),
    headers: headersOf(request),
    queries: joined(new URLSearchParams(query)),
    clientIP: addressOf(request, trustProxy),
    ...(body === undefined
      ? { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]() }
      : { body }),
  }
  return fromFcRequest(given, {}, reading)
}

/** Requests of `node:http2` have no `headersDistinct`. */
const headersOf = (request: IncomingMessage): IncomingMessage['headers'] =>
  (request.headersDistinct as IncomingMessage['headers'] | undefined) ?? request.headers

/** The bytes or the parsed body that somebody else has read; undefined where the stream is still to be read. */
function bodyOf(request: ServerRequest): unknown {
  const kept = [request.rawBody, request.body].find((each) => each instanceof Uint8Array)
  if (kept) return kept
  const isRead = request.readableDidRead || request.readableEnded || request.destroyed
  if (!isRead) return undefined
  // A text may be what a parser made of bytes in another encoding, and an object has lost them.
  return isParsed(request.body) ? request.body : { consumed: true }
}

/** With `trustProxy` the address that the outermost of those proxies saw; what stands left of it anybody can write. */
function addressOf(request: IncomingMessage, trustProxy: TrustProxy): string | undefined {
  const hops = Number(trustProxy)
  const { remoteAddress } = request.socket
  if (hops === 0) return remoteAddress
  const forwarded = [headersOf(request)['x-forwarded-for'] ?? []].flat().join(',').split(',')
  const addresses = forwarded.map((each) => each.trim()).filter((each) => each !== '')
  return withoutPort(addresses.at(-hops) ?? addresses[0]) ?? remoteAddress
}

/** Some proxies write the caller's port too, another one for each connection: it would make each one another caller. */
const withoutPort = (address: string | undefined): string | undefined =>
  address?.replace(/^(?:(\d+\.\d+\.\d+\.\d+)|\[([\da-f:.]+)\])(?::\d+)?$/i, '$1$2')

const joined = (query: URLSearchParams): Record<string, string[]> =>
  Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)]))

/** Writes an answer. Nothing is left to say where the caller has gone or a framework has answered already. */
export function answerRequest(response: ServerResponse, { status, headers, body }: HttpReply): void {
  if (response.headersSent || response.destroyed) return
  // The rest of a body that was too long to read must not be taken for the next request.
  const close = response.req?.complete === false ? { connection: 'close' } : {}
  response.writeHead(status, { ...headers, ...close, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
