import type { IncomingMessage, ServerResponse } from 'node:http'

/** One HTTP request as the doors see it. */
export interface Exchange {
  method: string
  /** Decoded, without the query. */
  path: string
  rawPath: string
  query: URLSearchParams
  /** Lower-case names; several values of one name joined by commas. */
  headers: Record<string, string>
  ip: string
  /** The whole body, or {@link BodyTooLarge} when it has more than `limit` bytes. */
  body(limit: number): Promise<Buffer>
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}

export type RequestHandler = (exchange: Exchange) => Promise<HttpAnswer>

export class BodyTooLarge extends Error {
  constructor(readonly limit: number) {
    super(`the body has more than ${limit} bytes`)
  }
}

/** The JSON object in `text`, as a copy without surprises in its prototype; undefined for everything else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
})

/** CORS headers for a page that was let in, so that a uni-app web build on a dev server can read the answers. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'content-type, x-serverless-sign, x-basement-token',
    'access-control-max-age': '600',
    vary: 'Origin',
  }
}

/**
 * What the local cloud itself says of a call by URL, in place of a function that is not there or has failed. A page
 * that was let in can read it.
 */
export function readable({ method, headers }: Exchange, answer: HttpAnswer): HttpAnswer {
  const cors = corsHeaders(headers.origin)
  if (method === 'OPTIONS' && answer.status === 404) return { status: 204, headers: cors, body: '' }
  return { ...answer, headers: { ...answer.headers, ...cors } }
}

/** Reads the request line and headers; undefined when the path is not valid percent-encoding. */
export function readExchange(request: IncomingMessage): Exchange | undefined {
  const [rawPath = '/', query = ''] = splitOnce(request.url ?? '/', '?')
  const path = decodedPath(rawPath)
  if (path === undefined) return undefined
  return {
    method: request.method ?? 'GET',
    path,
    rawPath,
    query: new URLSearchParams(query),
    headers: joinedHeaders(request),
    ip: request.socket.remoteAddress ?? '127.0.0.1',
    body: (limit) => readBody(request, limit),
  }
}

export function writeAnswer(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]),
  )
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length
    if (size > limit) {
      // Swallowing the rest lets a client that is still sending read the refusal.
      request.resume()
      throw new BodyTooLarge(limit)
    }
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
