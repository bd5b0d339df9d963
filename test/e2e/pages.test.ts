import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { startLocalCloud } from '../../tools/emulator/cloud/index.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { plain } from '../emulator/cloud/localCloud.js'

/** What a web page sees of the built functions by URL: a browser shows it nothing that CORS does not allow. */

const PAGE = 'https://shop.example.com'
const WAYS = ['/http', '/fc2', '/fc3'] as const

async function open(t: Test, env: Record<string, string> = {}) {
  const store = await openEmbeddedStore()
  const platforms = await startLocalPlatforms()
  const lines: string[] = []
  const cloud = await startLocalCloud({
    dist: join(import.meta.dirname, '..', '..', 'dist'),
    env: { ...platforms.settings('weixin-v3'), CLIENT_ORIGINS: `https://other.example.com, ${PAGE}`, ...env },
    ...{ store, log: (line: string) => lines.push(line) },
  })
  t.teardown(async () => {
    await cloud.close()
    await platforms.close()
    await store.close()
  })
  return { platforms, cloud, lines }
}

/** `fetch` of a page, by the rules of https://fetch.spec.whatwg.org/#http-cors-protocol for a POST of JSON. */
async function fetchFrom(origin: string, url: string, data: object) {
  const failed = new TypeError('Failed to fetch')
  const asking = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const preflight = await plain(url, { method: 'OPTIONS', headers: { origin, ...asking } })
  const allowed = (name: string) => String(preflight.headers[`access-control-allow-${name}`] ?? '')
  if (preflight.status < 200 || preflight.status > 299) throw failed
  if (allowed('origin') !== origin || !allowed('headers').includes('content-type')) throw failed
  const headers = { origin, 'content-type': 'application/json' }
  const answer = await plain(url, { method: 'POST', headers, body: JSON.stringify(data) })
  if (answer.headers['access-control-allow-origin'] !== origin) throw failed
  return { status: answer.status, ...(JSON.parse(answer.text) as Record<string, unknown>) }
}

t.test('a listed page reads every refusal', async (t) => {
  const { cloud, lines } = await open(t)
  for (const way of WAYS) {
    const ask = (name: string) => fetchFrom(PAGE, `${cloud.url}${way}/${name}`, {})
    const refusal = { status: 403, errCode: 'FORBIDDEN' }
    t.match(await ask('wxacodeGet'), { ...refusal, errMsg: /CLIENT_HTTP=on/ }, `${way}: not open by URL`)
    t.match(await ask('createOrder'), { ...refusal, errMsg: /your own cloud function/ }, `${way}: a server's`)
    t.match(await ask('tokenRefresh'), refusal, `${way}: a timer's`)
    t.match(await ask('nobody'), { status: 404 }, `${way}: no function`)
  }
  t.ok(lines.length > 0)
})

t.test('with CLIENT_HTTP it calls, and reads what is wrong with its call', async (t) => {
  const { cloud, platforms } = await open(t, { CLIENT_HTTP: 'on' })
  for (const way of WAYS) {
    const ask = (name: string, data: object) => fetchFrom(PAGE, `${cloud.url}${way}/${name}`, data)
    t.match(await ask('authCode2Session', { code: platforms.login('alice') }), { status: 200, errCode: 0 })
    t.match(await ask('authCode2Session', { code: 'junk' }), { errCode: 40029 })
    t.match(await ask('wxacodeGet', {}), { status: 401, errCode: 'LOGIN_REQUIRED' })
    t.match(await ask('openapi', { api: 'no.such', data: {} }), { errCode: 'INVALID_PARAM' })
    t.match(await ask('refund', {}), { status: 403, errCode: 'FORBIDDEN' })
  }
})

t.test('a page that is not listed is told nothing, and the log says that it was refused', async (t) => {
  // The guard of the local cloud lets pages of this machine in; the function itself does not.
  const origin = 'http://localhost:5173'
  const { cloud, lines } = await open(t, { CLIENT_HTTP: 'on' })
  for (const way of WAYS) {
    for (const name of ['wxacodeGet', 'createOrder']) {
      lines.length = 0
      await t.rejects(fetchFrom(origin, `${cloud.url}${way}/${name}`, {}), /Failed to fetch/)
      t.equal(lines.length, 1)
      t.match(JSON.parse(lines[0] ?? ''), {
        fn: name,
        errCode: 'FORBIDDEN',
        error: /localhost:5173.*CLIENT_ORIGINS/s,
      })
    }
  }
  lines.length = 0
  await plain(`${cloud.url}/http/wxacodeGet`, { method: 'OPTIONS' })
  t.match(
    JSON.parse(lines[0] ?? ''),
    { errCode: 'FORBIDDEN' },
    'nor is a question that no page asked a success',
  )
})
