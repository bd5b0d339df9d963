import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Clock } from '../../../../shared/clock.js'
import type { HttpAnswer, Received } from '../contract.js'
import { isLoopback } from '../deliveries/deliverer.js'

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
export type Outcome = { answer: HttpAnswer } | 'silence' | 'cut'

type Handle = (request: Received) => Promise<Outcome>

export const plainText = (status: number, text: string): HttpAnswer => ({
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

function send(response: http.ServerResponse, { status, headers, body }: HttpAnswer): void {
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...length })
  response.end(body)
}

const MAX_BODY_BYTES = 12 * 1024 * 1024

/** Whether a page of the internet is behind it: one that rebinds its name to 127.0.0.1, or one that posts here. */
export function isForeign({ headers: { host, origin } }: IncomingMessage): boolean {
  const local = (url: string) => URL.canParse(url) && isLoopback(new URL(url).hostname)
  return !local(`http://${host}`) || (origin !== undefined && !local(origin))
}

/** Undefined when it is too long. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= MAX_BODY_BYTES) parts.push(part)
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(parts) : undefined
}

export function receivedFrom(request: IncomingMessage, body: Buffer, at: number): Received {
  const { method = '', socket, url: target = '/' } = request
  const origin = `${socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host}`
  const url = new URL(target, origin)
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of url.searchParams) query[name] ??= value
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
  const line = { at, method, origin, target, path: url.pathname, query, params: {}, headers, body }
  const certified = certifiedName(socket)
  return certified === undefined ? line : { ...line, certified }
}

/** `authorized` alone does not do: Node says so of resumed sessions without any certificate, too. */
function certifiedName(socket: IncomingMessage['socket']): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { CN: name } = socket.getPeerCertificate().subject ?? {}
  return typeof name === 'string' ? name : undefined
}

/**
 * A sentence for what a person who starts something here can meet; everything else as it is. `variables` are those of
 * the environment that say where it listens.
 */
export function listenFailure(error: unknown, variables: string): string {
  const { code, port, message } = error as { code?: string; port?: number; message?: string }
  if (code !== 'EADDRINUSE') return message ?? String(error)
  return `port ${port} is taken: set ${variables} to others, or end whatever listens there`
}
