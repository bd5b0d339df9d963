import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { type Clock, systemClock } from '../../../shared/clock.js'
import type { Operation } from '../../../shared/operation/index.js'
import { verifyPaymentNotify } from '../../../shared/payment/operations/verifyNotify.js'
import { callbackFunction, HOST } from '../../../shared/runtime/index.js'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'
import type { NoticeStore } from '../../../shared/store/port.js'

const notify = callbackFunction(verifyPaymentNotify as Operation, { timeout: 5 })

/** What stands between a provider and the function, and may not leave the body alone. */
export interface Between {
  body?: (body: Buffer, contentType: string) => Buffer
  headers?: (headers: Record<string, string>) => Record<string, string>
  /** Of real time. */
  delayMs?: number
}

/** Refusals that the function kept, by reason. */
export const refusals: string[] = []

/**
 * The notify function behind its real front door, with settings and a clock of its own, under an address of this
 * machine. Answers its `NOTIFY_BASE_URL`.
 */
export async function callbackServer(
  t: Test,
  env: Record<string, string>,
  clock: Clock,
  between: Between = {},
): Promise<string> {
  const store = await openEmbeddedStore()
  const notices: NoticeStore = {
    ...store.notices,
    keepRefused: async (refused) => void refusals.push(refused.reason),
  }
  const host = { store: { ...store, notices }, clock, env, log: () => undefined }
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    const sent = Buffer.concat(parts)
    await systemClock.sleep(between.delayMs ?? 0)
    const body = between.body?.(sent, headers['content-type'] ?? '') ?? sent
    const event = {
      path: (request.url ?? '/').replace(/^.*\/verifyPaymentNotify/, ''),
      httpMethod: request.method,
      headers: between.headers?.(headers) ?? headers,
      body: body.toString('base64'),
      isBase64Encoded: true,
    }
    // The functions find their host in one place, so calls take turns.
    const answer = await inTurn(async () => {
      const scope = globalThis as { [HOST]?: object }
      scope[HOST] = host
      return (await notify.main(event, { SOURCE: 'http' })) as { statusCode: number; body: string }
    })
    response.writeHead(answer.statusCode).end(answer.body)
  })
  const url = await listen(t, server)
  t.teardown(() => store.close())
  return `${url}/pay`
}

let turn: Promise<unknown> = Promise.resolve()

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work, work)
  turn = mine
  return mine
}

/** On a free port of loopback, until the test ends. */
export async function listen(t: Test, server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
