import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { systemRandom } from '../../shared/clock.js'
import { mediaCheckResult } from '../../shared/message/mediaCheckResult.js'
import { messageNotify } from '../../shared/message/messageNotify.js'
import type { Operation } from '../../shared/operation/index.js'
import { eventDispatch } from '../../shared/payment/operations/eventDispatch.js'
import {
  callbackFunction,
  cloudFunction,
  HOST,
  type Host,
  timerFunction,
} from '../../shared/runtime/index.js'
import { openSession } from '../../shared/session.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Store } from '../../shared/store/port.js'
import type { PushFields } from '../../tools/emulator/platforms/weixin/push/format.js'
import { type PushAccount, pushAccountOf } from '../../tools/emulator/platforms/weixin/push/format.js'
import {
  type ComposedPush,
  composePush,
  type PushOptions,
} from '../../tools/emulator/platforms/weixin/push/push.js'
import { type HandClock, handClock } from '../support/clock.js'

export type Fields = Record<string, unknown>

export const APP_ID = 'wx0123456789abcdef'
export const ACCOUNT = pushAccountOf(APP_ID)

export const SAFE = {
  WEIXIN_APP_ID: APP_ID,
  WEIXIN_MESSAGE_TOKEN: ACCOUNT.token,
  WEIXIN_MESSAGE_AES_KEY: ACCOUNT.encodingAesKey,
}

/** Without a key, what comes unsealed counts. */
export const PLAIN = { WEIXIN_APP_ID: APP_ID, WEIXIN_MESSAGE_TOKEN: ACCOUNT.token }

export interface Call {
  method?: string
  path?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface Reply {
  status: number
  body: string
}

/** An event as `EVENT_TARGET` gets it. */
interface DeliveredEvent {
  id: string
  type: string
  data: { provider: string; appId: string; message: Fields }
}

/** `messageNotify` behind its front door, over an embedded store, at a time the test says. */
export interface Receiver {
  store: Store
  clock: HandClock
  log: Fields[]
  delivered: DeliveredEvent[]
  env: Record<string, string | undefined>
  call(call: Call): Promise<Reply>
  /** A push as WeChat composes it now. */
  compose(fields: PushFields, options?: PushOptions & { account?: PushAccount }): ComposedPush
  /** Composes and sends. */
  push(fields: PushFields, options?: PushOptions): Promise<Reply>
  /** An HTTP address that leads to `call`. */
  listen(): Promise<string>
  verdict(traceId: string, as?: 'client' | 'server'): Promise<Fields>
  dispatch(): Promise<Fields>
  /** Every notice of a message in the store that would make a difference. */
  refusals(): string[]
}

/** What every push has. */
const common = {
  ToUserName: 'gh_0123456789ab',
  FromUserName: 'oAlice-0123456789abcdefghijk',
  MsgType: 'event',
}

export async function openReceiver(
  t: Test,
  env: Record<string, string> = SAFE,
  { store, operation = messageNotify as Operation }: { store?: Store; operation?: Operation } = {},
): Promise<Receiver> {
  const kept = store ?? (await openEmbeddedStore())
  const notify = callbackFunction(operation, { timeout: 5 })
  const ask = cloudFunction(mediaCheckResult)
  const timer = timerFunction(eventDispatch, { every: '1m' })
  const receiver: Receiver = {
    store: kept,
    clock: handClock(),
    log: [],
    delivered: [],
    env: { EVENT_TARGET: 'function:onMessage', ...env },
    async call({ method = 'POST', path = '/', query = {}, headers = {}, body = '' }) {
      const event = {
        ...{ path, httpMethod: method, headers, queryStringParameters: query },
        ...{ body: Buffer.from(body as Buffer).toString('base64'), isBase64Encoded: true },
      }
      const answer = (await notify.main(event, { SOURCE: 'http' })) as Fields
      return { status: Number(answer.statusCode), body: String(answer.body) }
    },
    compose(fields, { account = ACCOUNT, ...options } = {}) {
      const seconds = Math.floor(receiver.clock.now() / 1000)
      const whole = { ...common, CreateTime: seconds, ...fields }
      return composePush(account, whole, { ...options, seconds, random: systemRandom })
    },
    push: (fields, options) => receiver.call(receiver.compose(fields, options)),
    listen: () => listen(t, receiver),
    async verdict(traceId, as = 'client') {
      if (as === 'server') return (await ask.main({ traceId }, { SOURCE: 'function' })) as Fields
      const login = { provider: 'weixin', appId: APP_ID, openid: common.FromUserName } as const
      const about = { store: kept, clock: receiver.clock, random: systemRandom }
      const { sessionToken } = await openSession(login, about)
      return (await ask.main({ traceId, sessionToken }, { SOURCE: 'client' })) as Fields
    },
    dispatch: async () => (await timer.main({}, { SOURCE: 'timing' })) as Fields,
    refusals: () =>
      receiver.log.flatMap(({ notes = [] }) =>
        (notes as Fields[]).flatMap(({ event, reason }) =>
          event === 'message.refused' ? [String(reason)] : [],
        ),
      ),
  }
  const scope = globalThis as { [HOST]?: Host }
  scope[HOST] = {
    store: kept,
    clock: receiver.clock,
    env: receiver.env,
    log: (line) => receiver.log.push(JSON.parse(line) as Fields),
    callFunction: async (_name, data) => {
      receiver.delivered.push(data as DeliveredEvent)
      return { errCode: 0 }
    },
  }
  t.teardown(async () => {
    delete scope[HOST]
    await kept.close()
  })
  return receiver
}

async function listen(t: Test, receiver: Receiver): Promise<string> {
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const url = new URL(request.url ?? '/', 'http://receiver')
    const query = Object.fromEntries(url.searchParams)
    const { method = 'POST' } = request
    const { status, body } = await receiver.call({
      method,
      path: url.pathname,
      query,
      body: Buffer.concat(parts),
    })
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
