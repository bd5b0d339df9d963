import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Clock, systemClock } from '../../shared/clock.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openMiniProgram } from '../../tools/demo/miniProgram.js'
import { type LocalCloud, startLocalCloud } from '../../tools/emulator/cloud/index.js'
import {
  type LocalPlatforms,
  type OrderInfo,
  type ProviderName,
  startLocalPlatforms,
} from '../../tools/emulator/platforms/index.js'
import { merchant } from '../support/network/merchant.js'

/** The example that the documents show of every function, as it stands there, through the local cloud. */

type Fields = Record<string, unknown>

interface Example {
  as: 'client' | 'server' | 'http' | 'timer'
  session?: boolean
  settings?: Record<string, string>
  input: Fields
  upstream: 'platforms' | { request: { method: string } }[]
  output?: Fields
  fails?: Fields
  /** Of payments: what has happened before. */
  provider?: 'alipay'
  order?: Fields
  before?: { asked?: boolean; paid?: boolean; refund?: Fields; minutes?: number }
}

const root = join(import.meta.dirname, '..', '..')
const names = readdirSync(join(root, 'functions')).sort()
const exampleOf = (name: string): Example =>
  JSON.parse(readFileSync(join(root, 'functions', name, 'example.json'), 'utf8'))

/** In the examples it is one of these two moments. */
const WINTER_2026 = Date.UTC(2026, 0, 31, 4)
const NEW_YEAR_2050 = Date.UTC(2050, 0, 1)

interface MovedClock extends Clock {
  pass(minutes: number): void
}

/** Time stands there, however long the test takes, until it is told to pass: answers have times in them. */
function clockAt(start: number): MovedClock {
  let now = start
  return {
    ...systemClock,
    now: () => now,
    pass(minutes) {
      now += minutes * 60_000
    },
  }
}

/** The application of the examples whose requests to WeChat are written down. */
const DOCUMENTED_APP = { appId: 'wx0123456789abcdef', secret: '0123456789abcdef0123456789abcdef' }

interface Deployment {
  cloud: LocalCloud
  platforms: LocalPlatforms
  clock: MovedClock
}

async function deployed(t: Test, name: string, example: Example): Promise<Deployment> {
  const isWritten = example.upstream !== 'platforms'
  const isOfWeixin = isWritten || name === 'messageNotify'
  const clock = clockAt(isWritten ? WINTER_2026 : NEW_YEAR_2050)
  const platforms = await startLocalPlatforms({ clock, ...(isOfWeixin ? { app: DOCUMENTED_APP } : {}) })
  t.teardown(() => platforms.close())
  const provider: ProviderName = example.provider ?? 'weixin-v2'
  const env = {
    ...platforms.settings(provider, 'alipay'),
    ...{ PAYMENT_PROVIDER: provider, EVENT_TARGET: (await shop(t)).notifyUrl },
    ...{ EVENT_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}` },
    ...example.settings,
    // The official account of an example is that of the local platforms.
    ...(name.startsWith('h5')
      ? { WEIXIN_H5_APP_ID: platforms.app.h5AppId, WEIXIN_H5_APP_SECRET: platforms.app.h5Secret }
      : {}),
  }
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const cloud = await startLocalCloud({ dist: join(root, 'dist'), env, store, clock, log: () => undefined })
  t.teardown(() => cloud.close())
  return { cloud, platforms, clock }
}

async function shop(t: Test) {
  const listening = await merchant()
  t.teardown(() => listening.close())
  return listening
}

/** As `uniCloud.callFunction` in a function of the merchant's. */
async function asServer(name: string, data: object): Promise<Fields> {
  const place = globalThis as {
    [host: symbol]: { callFunction(name: string, data: object): Promise<unknown> }
  }
  const host = place[Symbol.for('unicloud-openapi.host')]
  return { ...((await host?.callFunction(name, data)) as Fields) }
}

const isOfAlipay = ({ upstream, provider }: Example): boolean =>
  provider === 'alipay' ||
  (upstream !== 'platforms' && upstream.some(({ request }) => request.method.startsWith('alipay.')))

async function asClient(
  { cloud, clock }: Deployment,
  name: string,
  example: Example,
  input: Fields,
): Promise<Fields> {
  const platform = isOfAlipay(example) ? 'mp-alipay' : 'mp-weixin'
  const phone = openMiniProgram({ endpoint: cloud.url, clock, platform })
  const call = async (called: string, data: object) =>
    ({ ...(await phone.callFunction({ name: called, data })).result }) as Fields
  const login = example.session ? await call('authCode2Session', { code: 'demo-alice' }) : {}
  return call(name, { ...input, ...(login.sessionToken ? { sessionToken: login.sessionToken } : {}) })
}

async function byUrl({ cloud }: Deployment, name: string, input: Fields): Promise<Fields> {
  const {
    path,
    query = {},
    headers,
    body,
  } = input as { path: string; query?: Record<string, string> } & {
    headers: Record<string, string>
    body: string
  }
  const url = new URL(`${cloud.url}/http/${name}${path === '/' ? '' : path}`)
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  const answer = await fetch(url, { method: 'POST', headers, body })
  const text = await answer.text()
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

/** What has happened to the order of an example before it is played. */
async function prepare(t: Test, { platforms, clock }: Deployment, example: Example): Promise<void> {
  const { order, provider, before = {} } = example
  if (!order) return
  const openid = provider === 'alipay' ? platforms.alipay.openid('alice') : platforms.openid('alice')
  t.match(await asServer('createOrder', { ...order, openid }), { errCode: 0 })
  const { outTradeNo } = order
  const info = before.asked || before.paid ? await asServer('getOrderInfo', { outTradeNo }) : {}
  if (before.paid) await platforms.requestPayment(info.orderInfo as OrderInfo)
  clock.pass(before.minutes ?? 0)
  if (!before.refund) return
  t.match(await asServer('refund', { outTradeNo, ...before.refund }), { errCode: 0 })
  await platforms.finishRefund(String(before.refund.outRefundNo))
}

function played(deployment: Deployment, name: string, example: Example): Promise<Fields> {
  const { as, input } = example
  if (as === 'client') return asClient(deployment, name, example, input)
  if (as === 'http') return byUrl(deployment, name, input)
  return as === 'timer' ? (deployment.cloud.fire(name) as Promise<Fields>) : asServer(name, input)
}

/** Pictures, addresses, tokens and numbers that are made for each call. */
const OWN = new Set([
  ...['base64', 'openlink', 'urlLink', 'accessToken', 'expiresIn', 'sessionToken', 'traceId', 'contentType'],
  ...['qrCodeUrl', 'qrCodeUrlCircleWhite', 'qrCodeUrlCircleBlue'],
])

/** The answer as the document shows it, but for what is made for each call, which has to be there. */
function alike(documented: unknown, answer: unknown, name = ''): unknown {
  const isFree = documented === '$any' || OWN.has(name)
  if (isFree) return typeof answer === 'undefined' ? documented : answer
  if (typeof documented !== 'object' || documented === null) return documented
  const found = (answer ?? {}) as Fields
  if (Array.isArray(documented)) return documented.map((value, at) => alike(value, found[at]))
  return Object.fromEntries(
    Object.entries(documented).map(([key, value]) => [key, alike(value, found[key], key)]),
  )
}

for (const name of names) {
  t.test(name, async (t) => {
    const example = exampleOf(name)
    const deployment = await deployed(t, name, example)
    await prepare(t, deployment, example)
    const { errCode = 0, errMsg: _errMsg, ...answer } = await played(deployment, name, example)
    if (example.fails) return void t.match({ errCode, ...answer }, example.fails)
    t.equal(errCode, 0, JSON.stringify({ _errMsg, answer }).slice(0, 300))
    t.strictSame(answer, alike(example.output, answer))
  })
}
