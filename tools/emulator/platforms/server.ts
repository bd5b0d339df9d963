import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import type { Clock } from '../../../shared/clock.js'
import { isForeign, readBody, receivedFrom } from './arrival.js'
import type { Answer, Received } from './contract.js'
import { isLoopback } from './courier.js'

export interface PlatformServer {
  readonly port: number
  close(): Promise<void>
}

export interface Place {
  /** A loopback name. */
  host: string
  /** 0 takes a free one. */
  port: number
  clock: Clock
}

/** PEM: the server's key and certificate, and who certifies clients. */
export interface Identity {
  key: string
  cert: string
  ca: string
}

/** What happens to the line once a request is there: an answer, silence, or a cut. */
export type Outcome = { answer: Answer } | 'silence' | 'cut'

type Handle = (request: Received) => Promise<Outcome>

export const plainText = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
})

/**
 * Listens on loopback. A foreign `Host` or `Origin` is refused before anything is looked at.
 */
export const listen = (place: Place, handle: Handle): Promise<PlatformServer> =>
  open(http.createServer(listener(place, handle)), place)

/** The same over TLS. Clients may show a certificate. `identity` is asked for when the first one comes. */
export function listenSecurely(
  place: Place,
  identity: () => Identity,
  handle: Handle,
): Promise<PlatformServer> {
  const server = https.createServer({ requestCert: true, rejectUnauthorized: false }, listener(place, handle))
  server.prependOnceListener('connection', () => server.setSecureContext(identity()))
  return open(server, place)
}

const listener =
  ({ clock }: Place, handle: Handle): http.RequestListener =>
  (request, response) => {
    serve(request, response, clock, handle).catch((error: unknown) => {
      send(response, plainText(500, `the local platforms themselves failed: ${String(error)}`))
    })
  }

async function open(
  server: Server & { closeAllConnections(): void },
  { host, port }: Place,
): Promise<PlatformServer> {
  if (!isLoopback(host)) throw new Error(`host: expected 127.0.0.1 or localhost, got ${host}`)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
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
  handle: Handle,
): Promise<void> {
  if (isForeign(request)) return send(response, plainText(403, 'the local platforms serve this machine only'))
  const body = await readBody(request)
  if (!body) return send(response, plainText(413, 'the body is too long'))
  const outcome = await handle(receivedFrom(request, body, clock.now()))
  if (outcome === 'cut') request.socket.destroy()
  else if (outcome !== 'silence') send(response, outcome.answer)
}

function send(response: http.ServerResponse, { status, headers, body }: Answer): void {
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length })
  response.end(body)
}
