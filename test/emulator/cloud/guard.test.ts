import t from 'tap'
import { startLocalCloud } from '../../../tools/emulator/cloud/index.js'
import { refusalOf } from '../../../tools/emulator/cloud/server.js'
import { distOf, ECHO, failureOf, openLocalCloud, plain } from './localCloud.js'

/** Nobody but this machine drives the local cloud, and no web page that was not invited. */

t.test('only our own names are answered: a page that rebinds its name stays outside', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const statusFor = async (host: string) =>
    (await plain(`${cloud.url}/http/echo`, { headers: { host } })).status
  for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST']) {
    t.equal(await statusFor(`${name}:${cloud.port}`), 200, name)
  }
  t.equal(await statusFor('127.0.0.1'), 200, 'without a port, as @alicloud/fc2 sends it')
  for (const host of [
    ...[`evil.example:${cloud.port}`, 'evil.example', `localhost:${cloud.port + 1}`],
    ...[`localhost.evil.example:${cloud.port}`, `127.0.0.1.nip.io:${cloud.port}`],
  ]) {
    t.equal(await statusFor(host), 403, host)
  }
})

t.test('a page of another origin may not call, one of this machine may', async (t) => {
  const env = { CLIENT_ORIGINS: 'https://shop.example.com, https://app.example.com' }
  const { cloud } = await openLocalCloud(t, { echo: ECHO }, { env })
  const ping = (headers: Record<string, string>) => plain(`${cloud.url}/system/ping`, { headers })
  for (const origin of [
    'http://localhost:5173',
    'http://127.0.0.1',
    'http://[::1]:80',
    'https://app.example.com',
  ]) {
    t.match(
      await ping({ origin }),
      { status: 200, headers: { 'access-control-allow-origin': origin } },
      origin,
    )
  }
  for (const origin of [
    ...['https://evil.example', 'null', 'http://localhost.evil.example', 'http://localhost:80@evil.example'],
    ...['https://example.com', 'https://app.example.com.evil.example', 'file://'],
  ]) {
    t.match(await ping({ origin }), { status: 403 }, origin)
  }
  t.equal((await ping({ 'sec-fetch-site': 'cross-site' })).status, 403)
  t.equal((await ping({ 'sec-fetch-site': 'none' })).status, 200)
})

t.test('every door is behind the guard', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const headers = { origin: 'https://evil.example' }
  for (const [method, path] of [
    ['POST', '/client'],
    ['POST', '/cloudfunctions/echo'],
    ['POST', '/timers/echo'],
    ['POST', '/2016-08-15/services/unicloud-openapi-weixin/functions/echo/invocations'],
    ['POST', '/http/echo'],
    ['POST', '/fc2/echo'],
    ['POST', '/fc3/echo'],
    ['OPTIONS', '/client'],
    ['GET', '/'],
  ] as const) {
    t.equal((await plain(`${cloud.url}${path}`, { method, headers })).status, 403, path)
  }
})

t.test('a page that may call is told so beforehand; behind a URL the function says it', async (t) => {
  const code = 'exports.main = async (event) => event.httpMethod; exports.handler = async () => 0'
  const { cloud } = await openLocalCloud(t, { says: { code } })
  const headers = { origin: 'http://localhost:5173' }
  const preflight = await plain(`${cloud.url}/client`, { method: 'OPTIONS', headers })
  t.match(preflight, { status: 204, headers: { 'access-control-allow-headers': /x-serverless-sign/ } })
  const own = await plain(`${cloud.url}/http/says`, { method: 'OPTIONS', headers })
  t.match(own, { status: 200, text: 'OPTIONS' })
  t.notOk('access-control-allow-origin' in own.headers)
})

t.test('a missing Host is foreign', async (t) => {
  t.type(refusalOf({}, 9000, []), 'string')
  t.equal(refusalOf({ host: 'localhost:9000' }, 9000, []), undefined)
})

t.test('it listens on the loopback only, once in a process, and over something built', async (t) => {
  const dist = distOf(t, { echo: ECHO })
  t.match(await failureOf(startLocalCloud({ dist, env: {}, host: '0.0.0.0' })), { message: /loopback/ })
  t.match(await failureOf(startLocalCloud({ dist: t.testdir({ other: {} }), env: {} })), {
    message: /npm run build/,
  })
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  t.match(await failureOf(startLocalCloud({ dist, env: {} })), { message: /already/ })
  t.equal((await plain(`${cloud.url}/system/ping`)).status, 200)
})

t.test('what is not there is said, and where to look', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  t.match(await plain(`${cloud.url}/nowhere`), { status: 404, text: /GET \/ lists/ })
  t.match(await plain(`${cloud.url}/client`), { status: 405 })
  const { text } = await plain(`${cloud.url}/`)
  const list = JSON.parse(text) as { doors: { path: string }[]; functions: { name: string }[] }
  t.ok(list.doors.some(({ path }) => path === '/client'))
  t.match(list.functions, [{ name: 'echo', path: '/echo' }])
})
