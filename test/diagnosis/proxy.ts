import http from 'node:http'
import type { Test } from 'tap'
import { listen } from '../doctor/support/callback.js'
import { type Reply, send } from '../support/network/send.js'

/** What stands on the way out and does not leave answers alone. */
export interface Relay {
  url: string
  /** Changes an answer on its way back. */
  change: (reply: Reply) => Partial<Reply>
}

/** Passes everything on to `target`, and back what `change` makes of it. */
export async function proxyTo(t: Test, target: string): Promise<Relay> {
  const proxy: Relay = { url: '', change: () => ({}) }
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { host: _host, connection: _connection, ...given } = request.headers
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
    const method = request.method ?? 'GET'
    const reply = await send(`${target}${request.url}`, { method, headers, body: Buffer.concat(parts) })
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = reply.headers
    const sent = { ...reply, headers: kept, ...proxy.change({ ...reply, headers: kept }) }
    response.writeHead(sent.status, sent.headers).end(sent.body)
  })
  proxy.url = await listen(t, server)
  return proxy
}
