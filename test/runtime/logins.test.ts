import t, { type Test } from 'tap'
import { type Clock, systemRandom } from '../../shared/clock.js'
import { openapi } from '../../shared/openapi/openapi.js'
import type { Operation } from '../../shared/operation/index.js'
import { getOrderInfo } from '../../shared/payment/operations/getOrderInfo.js'
import { orderQuery } from '../../shared/payment/operations/orderQuery.js'
import { login } from '../../shared/platform/login.js'
import { cloudFunction } from '../../shared/runtime/index.js'
import { openSession } from '../../shared/session.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { probe, withHost } from './probe.js'

/** How often an address may try to log in, and that those who share one with many others still can. */

const MINUTE_MS = 60_000
const ADDRESS = '203.0.113.7'

async function open(t: Test) {
  const [store, platforms] = [await openEmbeddedStore(), await startLocalPlatforms()]
  t.teardown(async () => {
    await platforms.close()
    await store.close()
  })
  let now = Date.UTC(2026, 0, 31, 4)
  const clock: Clock = {
    now: () => now,
    sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
  }
  const host = { store, clock, env: platforms.settings() }
  const call = (operation: Operation, data: object, ip: string, source: string) =>
    cloudFunction(operation).main(data, { SOURCE: source, CLIENTIP: ip }) as Promise<Record<string, unknown>>
  return {
    platforms,
    pass(ms: number) {
      now += ms
    },
    asked: () => platforms.requests.filter(({ path }) => path === '/sns/jscode2session').length,
    call: (operation: Operation, data: object, ip = ADDRESS, source = 'client') =>
      withHost(host, () => call(operation, data, ip, source)),
    atOnce: (operation: Operation, all: object[]) =>
      withHost(host, () => Promise.all(all.map((data) => call(operation, data, ADDRESS, 'client')))),
    async session(openid: string): Promise<string> {
      const appId = platforms.app.appId
      return (
        await openSession({ provider: 'weixin', appId, openid }, { store, clock, random: systemRandom })
      ).sessionToken
    },
  }
}

const TOO_MANY = { errCode: 'TOO_MANY_REQUESTS', advice: 'wait' }

t.test(
  'invented codes of one address stop reaching WeChat, whichever function they are given to',
  async (t) => {
    const { call, asked, pass, platforms } = await open(t)
    const ways = [
      (code: string, ip?: string) => call(login, { code }, ip),
      (code: string, ip?: string) => call(getOrderInfo, { code, outTradeNo: 'T20500101' }, ip),
      (code: string, ip?: string) => call(orderQuery, { code, outTradeNo: 'T20500101' }, ip),
      (code: string, ip?: string) => call(openapi, { api: 'auth.code2Session', data: { code } }, ip),
    ] as const
    const [logIn] = ways
    for (let i = 0; i < 150; i++) {
      const expected = i < 120 ? { errCode: 40029 } : TOO_MANY
      t.match(await ways[i % 4]?.(`junk-${i}`), expected, `code ${i + 1}`)
    }
    t.equal(asked(), 120)
    t.match(await logIn(platforms.login('alice')), TOO_MANY, 'counted before anybody is asked')
    t.match(await logIn(platforms.login('alice'), '203.0.113.8'), { errCode: 0 }, 'another address')
    pass(MINUTE_MS)
    t.match(await logIn(platforms.login('alice')), { errCode: 0 }, 'the next minute')
  },
)

t.test(
  'an address that a whole town shares takes logins without end, since those that succeed do not count',
  async (t) => {
    const { call, atOnce, platforms } = await open(t)
    for (let i = 0; i < 200; i++) {
      t.match(await call(login, { code: platforms.login(`user${i}`) }), { errCode: 0 }, `user ${i + 1}`)
    }
    const codes = Array.from({ length: 100 }, (_, i) => ({ code: platforms.login(`more${i}`) }))
    const refused = (await atOnce(login, codes)).filter(({ errCode }) => errCode !== 0)
    t.strictSame(refused, [], 'nor does it matter that they come at once')
  },
)

t.test('one user logs in sixty times a minute, from wherever it may be', async (t) => {
  const { call, platforms } = await open(t)
  for (let i = 0; i < 60; i++) {
    t.match(await call(login, { code: platforms.login('alice') }, `203.0.113.${i}`), { errCode: 0 })
  }
  t.match(await call(login, { code: platforms.login('alice') }), TOO_MANY)
  t.match(await call(login, { code: platforms.login('bob') }), { errCode: 0 })
})

t.test('wrong session tokens count for their address, right ones for their user', async (t) => {
  const { call, session } = await open(t)
  const operation = probe({ session: 'required' })
  const sessionToken = await session('alice')
  for (let i = 0; i < 120; i++) {
    t.match(await call(operation, { sessionToken: `junk-${i}` }), { errCode: 'LOGIN_REQUIRED' })
  }
  t.match(await call(operation, { sessionToken: 'junk' }), TOO_MANY)
  t.match(await call(operation, { sessionToken }), { errCode: 0 })
  t.match(await call(operation, { sessionToken: 'junk' }, '203.0.113.8'), { errCode: 'LOGIN_REQUIRED' })
})

t.test('an IPv6 customer is one address, however many it has', async (t) => {
  const { call } = await open(t)
  const operation = probe({ session: 'required' })
  const wrong = (ip: string) => call(operation, { sessionToken: 'junk' }, ip)
  for (let i = 0; i < 60; i++) {
    await wrong(`2001:db8::${i.toString(16)}`)
    await wrong(`2001:0DB8:0:0:${i.toString(16)}:1:2:3`)
  }
  t.match(await wrong('2001:db8:0:0:ffff::'), TOO_MANY)
  t.match(await wrong('2001:db8:0:1::1'), { errCode: 'LOGIN_REQUIRED' }, 'the neighbour')
  const sameAddress = ['203.0.113.9', '::ffff:203.0.113.9', '::ffff:cb00:7109']
  for (let i = 0; i < 120; i++) await wrong(sameAddress[i % 3] ?? '')
  t.match(await wrong('203.0.113.9'), TOO_MANY)
  t.match(await wrong('0:0:0:0:0:FFFF:cb00:710a'), { errCode: 'LOGIN_REQUIRED' }, 'his neighbour')
})

t.test('servers are not counted: they log in all of their users', async (t) => {
  const { call } = await open(t)
  for (let i = 0; i < 130; i++) {
    t.match(await call(login, { code: `junk-${i}` }, ADDRESS, 'function'), { errCode: 40029 })
  }
})

t.test('callers without a login share their address with many', async (t) => {
  const { call } = await open(t)
  const operation = probe({ session: 'optional', perMinute: 6 })
  for (let i = 0; i < 60; i++) t.match(await call(operation, {}), { errCode: 0 })
  t.match(await call(operation, {}), { ...TOO_MANY, errMsg: /from this address/ })
})
