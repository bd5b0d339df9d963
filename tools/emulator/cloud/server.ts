import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CloudContext } from './calls.js'
import { BodyTooLarge, corsHeaders, type HttpAnswer, json, readExchange, writeAnswer } from './http.js'
import { answerRoute, isUrlPath, type Route } from './routes.js'

export interface Listening {
  port: number
  /** Lets the calls under way finish; takes no new ones. */
  close(): Promise<void>
}

/** Listens on a loopback address. Every request passes the guard first. `origins`: pages that may call besides local ones. */
export async function listen(
  cloud: CloudContext,
  routes: readonly Route[],
  { host, port, origins }: { host: string; port: number; origins: readonly string[] },
): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(routes, request, origins)
      .catch((error: unknown) => unforeseen(cloud, error))
      .then((reply) => send(cloud, response, reply))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function answer(
  routes: readonly Route[],
  request: IncomingMessage,
  origins: readonly string[],
): Promise<HttpAnswer> {
  const refused = refusalOf(request.headers, request.socket.localPort ?? 0, origins)
  if (refused !== undefined) return json(403, { code: 'Forbidden', message: refused })
  const exchange = readExchange(request)
  if (!exchange) return json(400, { code: 'BadPath', message: 'the path is not valid percent-encoding' })
  // Behind a URL the function itself says which pages may read it, as in the cloud.
  if (isUrlPath(exchange.path)) return answerRoute(routes, exchange)
  const cors = corsHeaders(request.headers.origin)
  if (exchange.method === 'OPTIONS') return { status: 204, headers: cors, body: '' }
  const reply = await answerRoute(routes, exchange)
  return { ...reply, headers: { ...reply.headers, ...cors } }
}

function unforeseen(cloud: CloudContext, error: unknown): HttpAnswer {
  if (error instanceof BodyTooLarge) return json(413, { code: 'BodyTooLarge', message: error.message })
  cloud.log(`local cloud: ${error instanceof Error ? error.stack : String(error)}`)
  return json(500, { code: 'InternalError', message: 'the local cloud failed; its log has the cause' })
}

/** A function may answer a status or header that HTTP cannot carry. */
function send(cloud: CloudContext, response: ServerResponse, reply: HttpAnswer): void {
  try {
    writeAnswer(response, reply)
  } catch (error) {
    cloud.log(`answer that cannot be sent: ${String(error)}`)
    writeAnswer(
      response,
      json(502, { code: 'BadResponse', message: 'the function answered what HTTP cannot carry' }),
    )
  }
}

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether a server that listens on `host` can be reached from this machine only. */
export const isLoopback = (host: string): boolean => LOOPBACK_NAMES.has(host) || host === '::1'

/**
 * Why a request is not let in, or nothing. A web page on the internet can make a browser on this machine send
 * requests here: under another name that it makes point to 127.0.0.1 (so the `Host` must be ours), or across
 * origins (so an `Origin`, or a browser's header that a request is cross-site, must be allowed).
 */
export function refusalOf(
  headers: IncomingHttpHeaders,
  port: number,
  origins: readonly string[],
): string | undefined {
  if (!isOurHost(headers.host ?? '', port)) return 'this address is for 127.0.0.1 and localhost only'
  const { origin } = headers
  if (origin !== undefined && !isAllowedOrigin(origin, origins))
    return 'pages of this origin may not call here'
  if (origin === undefined && headers['sec-fetch-site'] === 'cross-site')
    return 'other sites may not call here'
  return undefined
}

/** `@alicloud/fc2` sends the name without the port. A rebinding page always has a foreign name, so that is safe. */
function isOurHost(host: string, port: number): boolean {
  const name = host.endsWith(`:${port}`) ? host.slice(0, -`:${port}`.length) : host
  return LOOPBACK_NAMES.has(name.toLowerCase())
}

/** Pages served from this machine (a dev server on any port), and those that the settings list. */
function isAllowedOrigin(origin: string, origins: readonly string[]): boolean {
  return /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(origin) || origins.includes(origin)
}
