import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../shared/clock/index.js'
import type { Answer, Received } from './contract.js'
import { isLoopback } from './courier.js'

export interface TwinServer {
  readonly port: number
  close(): Promise<void>
}

/** What happens to the line once a request is there: an answer, silence, or a cut. */
export type Outcome = { answer: Answer } | 'silence' | 'cut'

const MAX_BODY_BYTES = 12 * 1024 * 1024

export const plainText = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
})

/**
 * Listens on loopback. A foreign `Host` (a page that rebinds its name to 127.0.0.1) and a foreign `Origin` (a page
 * that posts here) are refused before anything is looked at.
 */
export async function listen(
  options: { host: string; port: number; clock: Clock },
  handle: (request: Received) => Promise<Outcome>,
): Promise<TwinServer> {
  if (!isLoopback(options.host)) throw new Error(`host: expected 127.0.0.1 or localhost, got ${options.host}`)
  const server = http.createServer((request, response) => {
    serve(request, response, options.clock, handle).catch((error: unknown) => {
      send(response, plainText(500, `the twin itself failed: ${String(error)}`))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  clock: Clock,
  handle: (request: Received) => Promise<Outcome>,
): Promise<void> {
  if (isForeign(request)) return send(response, plainText(403, 'this twin serves its own machine only'))
  const body = await readBody(request)
  if (!body) return send(response, plainText(413, 'the body is too long'))
  const outcome = await handle(received(request, body, clock.now()))
  if (outcome === 'cut') request.socket.destroy()
  else if (outcome !== 'silence') send(response, outcome.answer)
}

function isForeign({ headers: { host, origin } }: http.IncomingMessage): boolean {
  const local = (url: string) => URL.canParse(url) && isLoopback(new URL(url).hostname)
  return !local(`http://${host}`) || (origin !== undefined && !local(origin))
}

async function readBody(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= MAX_BODY_BYTES) parts.push(part)
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(parts) : undefined
}

function received(request: http.IncomingMessage, body: Buffer, at: number): Received {
  const url = new URL(request.url ?? '/', 'http://twin')
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of url.searchParams) query[name] ??= value
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
  return { at, method: request.method ?? '', path: url.pathname, query, headers, body }
}

function send(response: http.ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
