import http from 'node:http'
import type { Test } from 'tap'
import { send } from '../../support/network/send.js'
import { listen } from './callback.js'

/** What is answered in place of the local platforms: a body under status 200, or more of it. */
export type Said = string | { status?: number; headers?: Record<string, string>; body?: string }

/**
 * Passes everything on to `target` but the paths that are named: those it answers itself. For what the local platforms never
 * says, since it depends on a contract or a console that it does not have.
 */
export async function relayTo(
  t: Test,
  target: string,
  answers: Readonly<Record<string, (body: Buffer) => Said>>,
): Promise<string> {
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    const own = answers[(request.url ?? '/').replace(/\?.*$/, '')]
    if (own) {
      const said = own(body)
      const { status = 200, headers = {}, body: text = '' } = typeof said === 'string' ? { body: said } : said
      response.writeHead(status, headers).end(text)
      return
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers)
        .filter(([name]) => name !== 'host' && name !== 'connection')
        .map(([name, value]) => [name, String(value)]),
    )
    const reply = await send(`${target}${request.url}`, { method: request.method ?? 'GET', headers, body })
    response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  return listen(t, server)
}
