import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cloud } from './calls.js'
import { type Answer, BodyTooLarge, json, readExchange, writeAnswer } from './exchange.js'
import { corsHeaders, refusalOf } from './guard.js'
import { answerRoute, isUrlPath, type Route } from './routes.js'

export interface Listening {
  port: number
  /** Lets the calls under way finish; takes no new ones. */
  close(): Promise<void>
}

/** Listens on a loopback address. Every request passes the guard first. `origins`: pages that may call besides local ones. */
export async function listen(
  cloud: Cloud,
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
): Promise<Answer> {
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

function unforeseen(cloud: Cloud, error: unknown): Answer {
  if (error instanceof BodyTooLarge) return json(413, { code: 'BodyTooLarge', message: error.message })
  cloud.log(`local cloud: ${error instanceof Error ? error.stack : String(error)}`)
  return json(500, { code: 'InternalError', message: 'the local cloud failed; its log has the cause' })
}

/** A function may answer a status or header that HTTP cannot carry. */
function send(cloud: Cloud, response: ServerResponse, reply: Answer): void {
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
