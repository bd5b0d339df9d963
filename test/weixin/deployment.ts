import { systemClock, systemRandom } from '../../shared/clock.js'
import type { CloudFunction, Host } from '../../shared/runtime/index.js'
import { type Login, openSession } from '../../shared/session.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { processMemory } from '../../shared/token/memory.js'
import { withHost } from '../runtime/probe.js'

/** What all examples have in common: the time, the application and its user. */

/** 31 January 2026, noon in Beijing. */
export const NOW = Date.UTC(2026, 0, 31, 4)

export const APP_ID = 'wx0123456789abcdef'

const ENV = {
  WEIXIN_APP_ID: APP_ID,
  WEIXIN_APP_SECRET: '0123456789abcdef0123456789abcdef',
}

const LOGIN = {
  provider: 'weixin',
  appId: APP_ID,
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
} as const

const clock = { ...systemClock, now: () => NOW }
const random = { bytes: (length: number) => Buffer.alloc(length, 7) }

export interface Deployment {
  env?: Record<string, string>
  /** The base URL of WeChat. */
  weixin: string
}

/** Runs `work` in a deployment of its own: an empty store, no token fetched. Answers what it answers. */
export async function inDeployment<T>(
  { env, weixin }: Deployment,
  work: (logIn: (who?: Login) => Promise<string>) => Promise<T>,
): Promise<T> {
  const store = await openEmbeddedStore()
  processMemory.records.clear()
  const host: Host = { store, clock, random, env: { ...ENV, WEIXIN_API_BASE_URL: weixin, ...env } }
  try {
    return await withHost(host, () =>
      work(
        async (who = LOGIN) => (await openSession(who, { store, clock, random: systemRandom })).sessionToken,
      ),
    )
  } finally {
    await store.close()
  }
}

type Fields = Record<string, unknown>

export interface WayIn {
  name: string
  env?: Record<string, string>
  enter(fn: CloudFunction, input: object): Promise<Fields>
}

const headers = { 'Content-Type': 'application/json' }
const CLIENT_HTTP = { CLIENT_HTTP: 'on' }

const replyBody = (reply: unknown): Fields => JSON.parse((reply as { body: string }).body) as Fields

/** Every way in, by who comes. */
export const waysIn: Readonly<Record<'client' | 'server', readonly WayIn[]>> = {
  server: [
    {
      name: 'uniCloud, from another function',
      enter: (fn, input) => fn.main(input, { SOURCE: 'function' }) as Promise<Fields>,
    },
    {
      name: 'Function Compute, an event',
      enter: (fn, input) => fn.handler(Buffer.from(JSON.stringify(input)), {}) as Promise<Fields>,
    },
  ],
  client: [
    {
      name: 'uniCloud, from a client',
      enter: (fn, input) => fn.main(input, { SOURCE: 'client' }) as Promise<Fields>,
    },
    {
      name: 'uniCloud, by URL',
      env: CLIENT_HTTP,
      enter: async (fn, input) => {
        const event = { httpMethod: 'POST', path: '/', headers, body: JSON.stringify(input) }
        return replyBody(await fn.main(event, { SOURCE: 'http' }))
      },
    },
    {
      name: 'Function Compute, by URL',
      env: CLIENT_HTTP,
      enter: async (fn, input) => {
        const body = Buffer.from(JSON.stringify(input)).toString('base64')
        const requestContext = { http: { method: 'POST', path: '/', sourceIp: '127.0.0.1' } }
        const event = { version: 'v1', rawPath: '/', headers, requestContext, body, isBase64Encoded: true }
        return replyBody(await fn.handler(Buffer.from(JSON.stringify(event)), {}))
      },
    },
  ],
}
