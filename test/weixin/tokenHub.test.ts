import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { systemRandom } from '../../shared/clock.js'
import { type CloudFunction, HOST, type Host } from '../../shared/runtime/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { processMemory } from '../../shared/token/memory.js'
import { HUB_HEADERS, hubSignature } from '../../shared/weixin/token/hub.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { type HandClock, handClock } from '../support/clock.js'
import { importFunction } from './examples.js'

/** Two environments of one application over real HTTP: one holds the AppSecret, the other reads its token. */

type Fields = Record<string, unknown>

const KEY = Buffer.alloc(32, 5)

const tokenGet = await importFunction('tokenGet')
const authGetAccessToken = await importFunction('authGetAccessToken')
const wxacodeGet = await importFunction('wxacodeGet')
const tokenRefresh = await importFunction('tokenRefresh')

interface Environment {
  host: Host
  env: Record<string, string>
  call(fn: CloudFunction, data?: object): Promise<Fields>
}

interface Two {
  platforms: Awaited<ReturnType<typeof startLocalPlatforms>>
  clock: HandClock
  hub: Environment
  reader: Environment
  /** The hub's address. */
  url: string
  /** Log lines of both. */
  log: string[]
  /** How many tokens WeChat was asked for. */
  fetched(): number
}

const scope = globalThis as { [HOST]?: Host }

/** The front door looks for its host when a call begins, so two environments can take turns in one process. */
function enter(host: Host, fn: CloudFunction, event: object, SOURCE: string): Promise<unknown> {
  const before = scope[HOST]
  scope[HOST] = host
  try {
    return fn.main(event, { SOURCE })
  } finally {
    scope[HOST] = before ?? host
  }
}

async function environment(t: Test, env: Record<string, string>, common: Host): Promise<Environment> {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const host: Host = { ...common, store, env }
  return {
    host,
    env,
    call: (fn, data = {}) => enter(host, fn, data, 'function') as Promise<Fields>,
  }
}

async function serving(
  t: Test,
  answer: (request: http.IncomingMessage, body: Buffer) => Promise<Fields>,
): Promise<string> {
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
    const { statusCode, body } = await answer(request, Buffer.concat(parts))
    response.writeHead(Number(statusCode), { 'content-type': 'application/json' }).end(String(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tokenGet`
}

const eventOf = (
  { method = '', headers }: Pick<http.IncomingMessage, 'method' | 'headers'>,
  body: Buffer,
) => ({
  ...{ path: '/', httpMethod: method, headers, body: body.toString('base64'), isBase64Encoded: true },
})

async function two(t: Test): Promise<Two> {
  const clock = handClock()
  const platforms = await startLocalPlatforms({ clock })
  t.teardown(() => platforms.close())
  processMemory.records.clear()
  const log: string[] = []
  const common: Host = { clock, random: systemRandom, log: (line) => log.push(line) }
  const { WEIXIN_APP_ID = '', WEIXIN_APP_SECRET = '', WEIXIN_API_BASE_URL = '' } = platforms.settings()
  const shared = { WEIXIN_APP_ID, WEIXIN_API_BASE_URL, TOKEN_HUB_KEY: KEY.toString('base64') }
  const hub = await environment(
    t,
    { ...shared, WEIXIN_APP_SECRET, TOKEN_HUB_APPS: `wxother, ${WEIXIN_APP_ID}` },
    common,
  )
  const url = await serving(t, async (request, body) => {
    return (await enter(hub.host, tokenGet, eventOf(request, body), 'http')) as Fields
  })
  const reader = await environment(t, { ...shared, WEIXIN_TOKEN_HUB_URL: url }, common)
  t.teardown(() => {
    delete scope[HOST]
  })
  const fetched = () => platforms.requests.filter(({ path }) => path === '/cgi-bin/stable_token').length
  return { platforms, clock, hub, reader, url, log, fetched }
}

t.test('an environment without the secret calls WeChat with the token of the one that has it', async (t) => {
  const { hub, reader, log, fetched, platforms } = await two(t)
  const own = await hub.call(authGetAccessToken)
  const borrowed = await reader.call(authGetAccessToken)
  t.match(own, { errCode: 0, expiresIn: 7200 })
  t.strictSame(borrowed, own)
  t.match(await reader.call(wxacodeGet, { path: 'pages/index' }), { errCode: 0, contentType: /^image/ })
  t.equal(fetched(), 1)
  t.notOk(
    log.some((line) => line.includes(String(own.accessToken))),
    'no token in a log',
  )
  t.notOk(log.some((line) => line.includes(KEY.toString('base64'))))
  const audits = log.filter((line) => line.includes('tokenHub.read'))
  t.equal(audits.length, 1, 'one line for the one read')
  t.match(JSON.parse(audits[0] ?? ''), {
    notes: [{ event: 'tokenHub.read', appId: platforms.app.appId, wasDead: false }],
  })
})

t.test('many calls of the reader are one read of the hub', async (t) => {
  const { reader, log, fetched } = await two(t)
  const answers = await Promise.all(Array.from({ length: 50 }, () => reader.call(authGetAccessToken)))
  t.equal(new Set(answers.map(({ accessToken }) => accessToken)).size, 1)
  t.equal(log.filter((line) => line.includes('tokenHub.read')).length, 1)
  t.equal(fetched(), 1)
})

t.test('a token that WeChat refuses is replaced at the hub, once, for both', async (t) => {
  const { hub, reader, platforms, clock } = await two(t)
  const before = await reader.call(authGetAccessToken)
  for (const stillIssued of [false, true]) {
    platforms.revokeToken(undefined, { stillIssued })
    await clock.advance(60_000)
    t.match(
      await reader.call(wxacodeGet, { path: 'pages/index' }),
      { errCode: 0 },
      `stillIssued: ${stillIssued}`,
    )
    const after = await reader.call(authGetAccessToken)
    t.not(after.accessToken, before.accessToken)
    t.equal((await hub.call(authGetAccessToken)).accessToken, after.accessToken)
    t.match(await hub.call(wxacodeGet, { path: 'pages/index' }), { errCode: 0 })
  }
})

t.test('a token named as dead that is not the current one makes nobody fetch', async (t) => {
  const { url, fetched, platforms, clock } = await two(t)
  for (let i = 0; i < 3; i++) {
    const answer = await signedPost(url, { appId: platforms.app.appId, dead: '0'.repeat(64) }, { clock })
    t.match(answer, { status: 200, fields: { errCode: 0 } })
  }
  t.equal(fetched(), 1)
})

t.test('the timer of the reader asks the hub in good time', async (t) => {
  const { reader, hub, clock, fetched } = await two(t)
  await hub.call(tokenRefresh)
  t.match(await reader.call(tokenRefresh), { tokens: [{ refreshed: true, expiresIn: 7200 }] })
  await clock.advance(6_950_000)
  await hub.call(tokenRefresh)
  t.match(await reader.call(tokenRefresh), { tokens: [{ refreshed: true, expiresIn: 7200 }] })
  t.equal(fetched(), 2)
})

interface Spoiled {
  clock: HandClock
  key?: Buffer
  timestamp?: string
  nonce?: string
  method?: string
  /** In place of what was signed. */
  sent?: string
  headers?: Record<string, string>
}

let made = 0

async function signedPost(
  url: string,
  body: object | string,
  { clock, key = KEY, method = 'POST', sent, headers, ...given }: Spoiled,
): Promise<{ status: number; fields: Fields }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  made += 1
  const { timestamp = String(Math.floor(clock.now() / 1000)), nonce = `nonce-number-${made}-of-this-test` } =
    given
  const signed = {
    [HUB_HEADERS.timestamp]: timestamp,
    [HUB_HEADERS.nonce]: nonce,
    [HUB_HEADERS.signature]: hubSignature(key, { method: 'POST', timestamp, nonce, body: text }),
  }
  const options = method === 'GET' ? { method } : { method, body: sent ?? text }
  const answer = await fetch(url, { ...options, headers: { ...signed, ...headers } })
  return { status: answer.status, fields: (await answer.json()) as Fields }
}

t.test('whoever does not hold the key, or comes a second time, gets no token', async (t) => {
  const { url, platforms, clock, log, hub } = await two(t)
  const { appId } = platforms.app
  const seconds = (shift: number) => String(Math.floor(clock.now() / 1000) + shift)
  const stranger = {
    status: 401,
    fields: { errCode: 'TOKEN_HUB_REFUSED', errMsg: 'the signature is not valid' },
  }
  const attacks: Record<string, Spoiled> = {
    'another key': { clock, key: Buffer.alloc(32, 6) },
    'another body': { clock, sent: JSON.stringify({ appId: 'wx00000000000000ff' }) },
    'a body with a space more': { clock, sent: `${JSON.stringify({ appId })} ` },
    'another method': { clock, method: 'GET' },
    'no signature': { clock, headers: { [HUB_HEADERS.signature]: '' } },
    'another time than signed': { clock, headers: { [HUB_HEADERS.timestamp]: seconds(1) } },
    'another nonce than signed': { clock, headers: { [HUB_HEADERS.nonce]: 'another-nonce-of-length' } },
    'a nonce that is too short': { clock, nonce: 'short' },
    'a time that is none': { clock, timestamp: 'NaN' },
    'a time in exponents': { clock, timestamp: '2524608e3' },
  }
  for (const [name, spoiled] of Object.entries(attacks)) {
    t.strictSame(await signedPost(url, { appId }, spoiled), stranger, name)
  }
  t.strictSame(await signedPost(url, 'x'.repeat(1025), { clock }), stranger, 'too large')
  for (const shift of [-301, 302]) {
    const late = await signedPost(url, { appId }, { clock, timestamp: seconds(shift) })
    t.match(late, { status: 401, fields: { errCode: 'TOKEN_HUB_REFUSED', errMsg: /set the clock/ } })
  }
  for (const shift of [-299, 300]) {
    t.match(await signedPost(url, { appId }, { clock, timestamp: seconds(shift) }), { status: 200 })
  }
  const once = { clock, nonce: 'the-same-nonce-every-time', timestamp: seconds(-200) }
  t.match(await signedPost(url, { appId }, once), { status: 200 })
  await clock.advance(400_000)
  t.match(await signedPost(url, { appId }, once), { status: 401 }, 'too late by then')
  const again = { clock, nonce: 'the-same-nonce-once-again', timestamp: seconds(200) }
  t.match(await signedPost(url, { appId }, again), { status: 200 })
  await clock.advance(400_000)
  t.match(await signedPost(url, { appId }, again), {
    status: 401,
    fields: { errMsg: 'this call came before' },
  })
  const readsBefore = log.filter((line) => line.includes('tokenHub.read')).length
  t.match(await signedPost(url, { appId: 'wx00000000000000ff' }, { clock }), { status: 403 })
  t.match(await signedPost(url, { appId: 'wxother' }, { clock }), {
    status: 400,
    fields: { errCode: 'UNKNOWN_APP' },
  })
  t.match(await signedPost(url, '[]', { clock }), { status: 400, fields: { errCode: 'INVALID_PARAM' } })
  t.match(await signedPost(url, '{', { clock }), { status: 400, fields: { errCode: 'INVALID_PARAM' } })
  hub.env.TOKEN_HUB_APPS = ''
  t.match(await signedPost(url, { appId }, { clock }), {
    status: 500,
    fields: { errCode: 'MISSING_SETTING' },
  })
  t.equal(log.filter((line) => line.includes('tokenHub.read')).length, readsBefore)
})

t.test('twenty copies of one call at once read at most once', async (t) => {
  const { url, platforms, clock } = await two(t)
  const copy = { clock, nonce: 'one-nonce-for-all-of-them' }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => signedPost(url, { appId: platforms.app.appId }, copy)),
  )
  t.ok(answers.filter(({ status }) => status === 200).length <= 1)
})

t.test('only a URL call reads a token', async (t) => {
  const { hub } = await two(t)
  for (const SOURCE of ['client', 'function', 'timing']) {
    t.match(await enter(hub.host, tokenGet, { appId: 'x' }, SOURCE), { errCode: 'FORBIDDEN' })
  }
})

t.test('a hub that is not one, or not there, gives errors that help', async (t) => {
  const { reader } = await two(t)
  const ask = async () => reader.call(authGetAccessToken)
  reader.env.WEIXIN_TOKEN_HUB_URL = 'http://hub.example.com/tokenGet'
  t.match(await ask(), { errCode: 'INVALID_SETTING', errMsg: /^WEIXIN_TOKEN_HUB_URL: / })
  reader.env.WEIXIN_TOKEN_HUB_URL = await serving(t, async () => ({ statusCode: 200, body: '<html>' }))
  t.match(await ask(), { errCode: 'UPSTREAM_INVALID', errMsg: /check WEIXIN_TOKEN_HUB_URL/ })
  const refusing = { errCode: 'FORBIDDEN', errMsg: 'appId: not one of those that TOKEN_HUB_APPS names' }
  reader.env.WEIXIN_TOKEN_HUB_URL = await serving(t, async () => ({
    statusCode: 403,
    body: JSON.stringify(refusing),
  }))
  t.match(await ask(), { errCode: 'TOKEN_HUB_REFUSED', errMsg: /TOKEN_HUB_APPS/, advice: 'fix the settings' })
  reader.env.WEIXIN_TOKEN_HUB_URL = 'http://127.0.0.1:1/tokenGet'
  t.match(await ask(), { errCode: 'UPSTREAM_UNREACHABLE' })
  reader.env.TOKEN_HUB_KEY = Buffer.alloc(16).toString('base64')
  t.match(await ask(), { errCode: 'INVALID_SETTING', errMsg: /^TOKEN_HUB_KEY: / })
})

t.test('while the hub is away a token that lives is used on', async (t) => {
  const { reader, clock } = await two(t)
  const { accessToken } = await reader.call(authGetAccessToken)
  reader.env.WEIXIN_TOKEN_HUB_URL = 'http://127.0.0.1:1/tokenGet'
  await clock.advance(3_600_000)
  t.match(await reader.call(authGetAccessToken), { errCode: 0, accessToken, expiresIn: 3600 })
})

interface Case {
  input: { headers: http.IncomingHttpHeaders; body: string }
  output: { status: number; body: Fields }
}

t.test('the example of tokenGet', async (t) => {
  const { settings, refused, ...first } = JSON.parse(
    readFileSync(new URL('../../functions/tokenGet/example.json', import.meta.url), 'utf8'),
  ) as Case & { settings: Record<string, string>; refused: Case[] }
  for (const { input, output } of [first, ...refused]) {
    const { hub, platforms } = await two(t)
    t.equal(platforms.app.appId, settings.TOKEN_HUB_APPS)
    Object.assign(hub.env, settings)
    const event = eventOf({ method: 'POST', headers: input.headers }, Buffer.from(input.body))
    const { statusCode, body } = (await enter(hub.host, tokenGet, event, 'http')) as Fields
    const fields = JSON.parse(String(body)) as Fields
    const { accessToken } = fields
    const answer = output.body.accessToken === undefined ? output.body : { ...output.body, accessToken }
    t.strictSame({ status: statusCode, body: fields }, { ...output, body: answer })
  }
})
