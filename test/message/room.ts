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

export interface Heard {
  status: number
  body: string
}

/** An event as `EVENT_TARGET` gets it. */
interface Told {
  id: string
  type: string
  data: { provider: string; appId: string; message: Fields }
}

/** `messageNotify` behind its front door, over an embedded store, at a time the test says. */
export interface Room {
  store: Store
  clock: HandClock
  log: Fields[]
  told: Told[]
  env: Record<string, string | undefined>
  call(call: Call): Promise<Heard>
  /** A push as WeChat composes it now. */
  compose(fields: PushFields, options?: PushOptions & { account?: PushAccount }): ComposedPush
  /** Composes and sends. */
  push(fields: PushFields, options?: PushOptions): Promise<Heard>
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

export async function openRoom(
  t: Test,
  env: Record<string, string> = SAFE,
  { store, operation = messageNotify as Operation }: { store?: Store; operation?: Operation } = {},
): Promise<Room> {
  const kept = store ?? (await openEmbeddedStore())
  const notify = callbackFunction(operation, { timeout: 5 })
  const ask = cloudFunction(mediaCheckResult)
  const timer = timerFunction(eventDispatch, { every: '1m' })
  const room: Room = {
    store: kept,
    clock: handClock(),
    log: [],
    told: [],
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
      const seconds = Math.floor(room.clock.now() / 1000)
      const whole = { ...common, CreateTime: seconds, ...fields }
      return composePush(account, whole, { ...options, seconds, random: systemRandom })
    },
    push: (fields, options) => room.call(room.compose(fields, options)),
    listen: () => listen(t, room),
    async verdict(traceId, as = 'client') {
      if (as === 'server') return (await ask.main({ traceId }, { SOURCE: 'function' })) as Fields
      const login = { provider: 'weixin', appId: APP_ID, openid: common.FromUserName } as const
      const about = { store: kept, clock: room.clock, random: systemRandom }
      const { sessionToken } = await openSession(login, about)
      return (await ask.main({ traceId, sessionToken }, { SOURCE: 'client' })) as Fields
    },
    dispatch: async () => (await timer.main({}, { SOURCE: 'timing' })) as Fields,
    refusals: () =>
      room.log.flatMap(({ notes = [] }) =>
        (notes as Fields[]).flatMap(({ event, reason }) =>
          event === 'message.refused' ? [String(reason)] : [],
        ),
      ),
  }
  const scope = globalThis as { [HOST]?: Host }
  scope[HOST] = {
    store: kept,
    clock: room.clock,
    env: room.env,
    log: (line) => room.log.push(JSON.parse(line) as Fields),
    callFunction: async (_name, data) => {
      room.told.push(data as Told)
      return { errCode: 0 }
    },
  }
  t.teardown(async () => {
    delete scope[HOST]
    await kept.close()
  })
  return room
}

async function listen(t: Test, room: Room): Promise<string> {
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const url = new URL(request.url ?? '/', 'http://room')
    const query = Object.fromEntries(url.searchParams)
    const { method = 'POST' } = request
    const { status, body } = await room.call({
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
