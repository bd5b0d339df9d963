import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { readExchange } from '../../../tools/emulator/cloud/http.js'
import { handle } from './api.js'
import type { Account2 } from './fc2.js'
import type { Account3 } from './fc3.js'
import { Refusal } from './refusal.js'
import type { Signed } from './signatures.js'

export { ACCOUNT, ROLE } from './signatures.js'

/** What goes wrong, for how many of the calls that match `METHOD /path`. */
interface Fault {
  on: RegExp | ((call: string) => boolean)
  times?: number
  /** `cut` breaks the connection before anything is done, `lost` after it. */
  act: Act
}

type Act =
  | 'throttle'
  | 'broken'
  | 'gateway'
  | 'denied'
  | 'unresolved'
  | 'telling'
  | 'damaged'
  | 'cut'
  | 'lost'

/** A stand-in for Function Compute, its OSS and Log Service: checks signatures and keeps state. */
export interface StandIn {
  url: string
  fc2: Account2
  fc3: Account3
  /** `METHOD /path` of every call, in order; uploads end in ` code`. */
  calls: string[]
  /** Log Service: what the store holds, by topic. */
  logs: { topic: string; time: number; message: string }[]
  /** Log Service: what was asked for. */
  queries: string[]
  fault(fault: Fault): void
  /** Calls that change something, since the last time this was asked. */
  changes(): string[]
}

export async function standIn(t: Test): Promise<StandIn> {
  const faults: Required<Fault>[] = []
  const cloud: StandIn = {
    ...{ url: '', calls: [], logs: [], queries: [] },
    fc2: { services: new Map(), domains: new Map() },
    fc3: { functions: new Map(), domains: new Map() },
    fault: (fault) => faults.push({ times: 1, ...fault }),
    changes() {
      const changing = cloud.calls.filter((call) => !/^GET |invocations/.test(call))
      cloud.calls.length = 0
      return changing
    },
  }
  const server = createServer((request, response) => {
    serve(cloud, faults, request, response).catch((error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cloud.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return cloud
}

async function serve(
  cloud: StandIn,
  faults: Required<Fault>[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = readExchange(request)
  if (!exchange) return void response.writeHead(400).end()
  const body = await exchange.body(64 * 1024 * 1024)
  const signed: Signed = { ...exchange, body }
  const isUpload = /^\{.*"zipFile"/.test(body.subarray(0, 100_000).toString('latin1'))
  cloud.calls.push(`${signed.method} ${signed.path}${isUpload ? ' code' : ''}`)
  const fault = faults.find(({ on, times }) => times > 0 && matches(on, `${signed.method} ${signed.path}`))
  if (fault) fault.times--
  if (fault?.act === 'cut') return void request.socket.destroy()
  try {
    if (fault) inject(fault.act, body)
    const answer = await handle(cloud, signed)
    if (fault?.act === 'lost') return void request.socket.destroy()
    response.writeHead(answer.status ?? 200, { 'x-fc-request-id': 'stand-in', ...answer.headers })
    response.end(fault?.act === 'damaged' ? damaged(answer.body) : answer.body)
  } catch (error) {
    if (fault?.act === 'lost') return void request.socket.destroy()
    const { status, code, message } = error instanceof Refusal ? error : asBroken(error)
    if (code === 'Gateway') {
      return void response
        .writeHead(502, { 'content-type': 'application/json' })
        .end('<html>Bad Gateway</html>')
    }
    const text = {
      ErrorCode: code,
      ErrorMessage: message,
      Code: code,
      Message: message,
      RequestId: 'stand-in',
    }
    response.writeHead(status, { 'content-type': 'application/json', 'x-fc-request-id': 'stand-in' })
    response.end(JSON.stringify({ ...text, errorCode: code, errorMessage: message }))
  }
}

/** As if other bytes had been kept than those that were sent. */
const damaged = (body: string | Buffer = ''): string =>
  body.toString().replace(/"codeChecksum":"\d+"/, '"codeChecksum":"1"')

const matches = (on: Fault['on'], call: string): boolean =>
  typeof on === 'function' ? on(call) : on.test(call)

const asBroken = (error: unknown): Refusal =>
  new Refusal(500, 'InternalServerError', error instanceof Error ? (error.stack ?? '') : String(error))

function inject(act: Act, body: Buffer): void {
  if (act === 'telling') throw new Refusal(400, 'InvalidArgument', `not valid: ${body}`)
  if (act === 'throttle') throw new Refusal(429, 'ResourceThrottled', 'the request was throttled')
  if (act === 'broken') throw new Refusal(503, 'InternalServerError', 'an internal error has occurred')
  if (act === 'gateway') throw new Refusal(502, 'Gateway', '')
  if (act === 'unresolved') throw new Refusal(400, 'DomainNameNotResolved', 'the domain does not lead here')
  if (act === 'denied') throw new Refusal(403, 'AccessDenied', 'the caller is not authorized to do this')
}
