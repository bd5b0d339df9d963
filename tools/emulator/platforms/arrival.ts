import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Received } from './contract.js'
import { isLoopback } from './courier.js'

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
