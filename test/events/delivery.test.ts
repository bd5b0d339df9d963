import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { systemClock } from '../../shared/clock.js'
import { BACKOFF, JITTER } from '../../shared/events/delivery.js'
import { webhookHeaders } from '../../shared/events/webhook.js'
import { EVENT_SECRET, type House, openHouse } from '../payment/house.js'
import { paid, signedXml } from '../payment/weixin-v2/message.js'

const ORDER = { outTradeNo: 'T20500101', totalFee: 1999, body: 'tea', openid: 'oAlice' }
const HOUR = 3600 * 1000

interface Target {
  url: string
  calls: { headers: http.IncomingHttpHeaders; body: string }[]
  status: number
}

async function target(t: Test): Promise<Target> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      self.calls.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
      response.writeHead(self.status, { location: '/elsewhere' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const self: Target = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    calls: [],
    status: 204,
  }
  return self
}

async function payIn(house: House): Promise<void> {
  await house.server('createOrder', ORDER)
  await house.notice(signedXml(paid()))
}

const events = async (house: House) => (await house.order('T20500101')).events

/** Those that are neither delivered nor given up. */
const waiting = async (house: House) => (await events(house)).filter(({ state }) => state === 'waiting')

t.test('a URL gets a Standard Webhooks message that the published library accepts', async (t) => {
  const listener = await target(t)
  const house = await openHouse(t, { EVENT_TARGET: listener.url, EVENT_SECRET })
  await payIn(house)
  t.equal(listener.calls.length, 1, 'at once')
  t.match(await events(house), [{ state: 'delivered', attempts: 1, endedAt: house.clock.now() }])
  const [call] = listener.calls
  const headers = call?.headers as Record<string, string>
  t.equal(headers['webhook-timestamp'], String(house.clock.now() / 1000))
  const at = new Date(house.clock.now())
  const bySomebodyElse = new Webhook(EVENT_SECRET).sign(headers['webhook-id'] ?? '', at, call?.body ?? '')
  t.equal(headers['webhook-signature'], bySomebodyElse)
  t.match(JSON.parse(call?.body ?? ''), {
    type: 'payment.paid',
    timestamp: '2050-01-01T00:00:00.000Z',
    data: {
      outTradeNo: 'T20500101',
      transactionId: '4200001234205001011234567890',
      totalFee: 1999,
      state: 'PAID',
    },
  })
})

t.test('the published library verifies the headers, and sees a changed body', async (t) => {
  // It reads the machine's clock, so this one message is of the machine's time.
  const seconds = Math.floor(systemClock.now() / 1000)
  const secret = Buffer.from(EVENT_SECRET.slice('whsec_'.length), 'base64')
  const headers = webhookHeaders('evt_1', seconds, '{"a":1}', secret)
  const judge = new Webhook(EVENT_SECRET)
  t.strictSame(judge.verify('{"a":1}', headers), { a: 1 })
  t.throws(() => judge.verify('{"a":2}', headers))
})

t.test('what is not 2xx is not delivered, and waits as the schedule says, under one id', async (t) => {
  const listener = await target(t)
  const house = await openHouse(t, { EVENT_TARGET: listener.url, EVENT_SECRET })
  // Of all chances the middle one.
  house.random = { bytes: (length) => Buffer.alloc(length, '7fff', 'hex') }
  listener.status = 500
  await payIn(house)
  const waits: number[] = []
  for (let attempt = 1; attempt <= BACKOFF.length; attempt++) {
    const [event] = await waiting(house)
    t.match(event, { attempts: attempt, lastError: /HTTP 500/ })
    const wait = (event?.dueAt ?? 0) - house.clock.now()
    waits.push(Math.round(wait / 1000) * 1000)
    await house.clock.advance(wait - 1)
    t.match(await house.timer('eventDispatch'), { delivered: 0, failed: 0 }, 'not a moment before')
    await house.clock.advance(1)
    t.match(await house.timer('eventDispatch'), { delivered: 0, failed: 1 })
  }
  t.strictSame(waits, [5000, 300_000, 1_800_000, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)])
  const [dead, ...others] = await events(house)
  t.match(dead, { state: 'dead', attempts: 10, lastError: /HTTP 500/, endedAt: house.clock.now() })
  t.notOk('dueAt' in (dead ?? {}), 'given up, and kept')
  t.strictSame(others, [])
  t.match(house.log.at(-1), { notes: [{ event: 'event.dead', type: 'payment.paid' }] })
  await house.clock.advance(1000 * HOUR)
  t.match(await house.timer('eventDispatch'), { delivered: 0, failed: 0 })
  t.equal(new Set(listener.calls.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.equal(new Set(listener.calls.map(({ body }) => body)).size, 1)
  t.equal(new Set(listener.calls.map(({ headers }) => headers['webhook-timestamp'])).size, 10, 'signed anew')
})

t.test('a redirect is not followed', async (t) => {
  const listener = await target(t)
  const house = await openHouse(t, { EVENT_TARGET: listener.url, EVENT_SECRET })
  listener.status = 302
  await payIn(house)
  t.equal(listener.calls.length, 1)
  t.match(await waiting(house), [{ lastError: /HTTP 302/ }])
})

t.test('a target that comes back gets what it missed', async (t) => {
  const house = await openHouse(t, { EVENT_TARGET: 'http://127.0.0.1:1/events', EVENT_SECRET })
  await payIn(house)
  t.match(await waiting(house), [{ attempts: 1 }])
  const listener = await target(t)
  house.env.EVENT_TARGET = listener.url
  await house.clock.advance((BACKOFF[0] ?? 0) * (1 + JITTER))
  t.match(await house.timer('eventDispatch'), { errCode: 0, delivered: 1, failed: 0 })
  t.equal(listener.calls.length, 1)
  t.strictSame(await waiting(house), [])
})

t.test('a function of the same deployment', async (t) => {
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' })
  const answers: [string, () => Promise<unknown>, number][] = [
    ['throws', async () => Promise.reject(new Error('no')), 1],
    ['answers an errCode', async () => ({ errCode: 'BUSY' }), 2],
    ['answers something', async () => ({ fine: true }), 2],
  ]
  await house.server('createOrder', ORDER)
  for (const [name, onCall, attempts] of answers) {
    house.onCall = onCall
    await house.notice(signedXml(paid()))
    await house.timer('eventDispatch')
    const [event] = await waiting(house)
    t.match(event ?? { attempts: 2 }, { attempts }, name)
    await house.clock.advance(HOUR)
  }
  t.strictSame(await waiting(house), [])
  t.match(house.called.at(-1), {
    name: 'onPayment',
    data: {
      id: /^evt_/,
      type: 'payment.paid',
      timestamp: '2050-01-01T00:00:00.000Z',
      data: { totalFee: 1999 },
    },
  })
})

t.test('a function of another service', async (t) => {
  const house = await openHouse(t, { EVENT_TARGET: 'function:shop/_onPayment' })
  await house.server('createOrder', ORDER)
  await house.notice(signedXml(paid()))
  t.match(house.called, [{ name: 'shop/_onPayment' }])
  t.strictSame(await waiting(house), [])
})

t.test('a target that hangs does not keep the provider waiting', async (t) => {
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' })
  house.onCall = () => new Promise(() => undefined)
  await house.server('createOrder', ORDER)
  const startedAt = house.clock.now()
  const answering = house.notice(signedXml(paid()))
  // Until the target was called, what is under way takes real time and none of the clock's.
  while (house.called.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const answer = await house.clock.runUntil(answering)
  t.match(answer, { status: 200, body: /SUCCESS/ })
  t.ok(house.clock.now() - startedAt < 4000, 'answered within four seconds')
  t.match(await waiting(house), [{ attempts: 1, lastError: /in time/ }])
})

t.test('many dispatchers, one delivery', async (t) => {
  const house = await openHouse(t)
  for (let n = 100; n < 130; n++) {
    await house.server('createOrder', { ...ORDER, outTradeNo: `T20500${n}` })
    await house.notice(
      signedXml(paid({ out_trade_no: `T20500${n}`, transaction_id: `4200001234205001011234567${n}` })),
    )
  }
  house.env.EVENT_TARGET = 'function:onPayment'
  await Promise.all(Array.from({ length: 8 }, () => house.timer('eventDispatch')))
  t.equal(house.called.length, 30)
  t.equal(new Set(house.called.map(({ data }) => data.id)).size, 30)
  t.strictSame(await house.store.events.due(Number.MAX_SAFE_INTEGER, 100), [])
})

t.test('without a target events wait', async (t) => {
  const house = await openHouse(t)
  await payIn(house)
  t.match(await house.timer('eventDispatch'), { errCode: 0, delivered: 0, failed: 0 })
  t.match(house.log.at(-1), { notes: [{ event: 'event.noTarget' }] })
  t.match(await waiting(house), [{ attempts: 0 }])
})

t.test('a target that cannot be meant is told of, and does not spoil the notice', async (t) => {
  const wrong = [
    'http://shop.example.com/',
    'ftp://x',
    'onPayment',
    'function:',
    'function:a b',
    'function:a/b/c',
    'function:/b',
    'http://127.0.0.1.example.com/',
  ]
  for (const EVENT_TARGET of wrong) {
    const house = await openHouse(t, { EVENT_TARGET, EVENT_SECRET })
    await payIn(house)
    t.equal((await house.order('T20500101')).state, 'PAID')
    t.match(
      await house.timer('eventDispatch'),
      { errCode: 'INVALID_SETTING', errMsg: /^EVENT_TARGET/ },
      EVENT_TARGET,
    )
  }
  const secretless = await openHouse(t, { EVENT_TARGET: 'https://shop.example.com/' })
  t.match(await secretless.timer('eventDispatch'), { errCode: 'MISSING_SETTING', errMsg: /^EVENT_SECRET/ })
  const unreadable = await openHouse(t, { EVENT_TARGET: 'https://shop.example.com/', EVENT_SECRET: 'secret' })
  t.match(await unreadable.timer('eventDispatch'), { errCode: 'INVALID_SETTING', errMsg: /^EVENT_SECRET/ })
})

t.test('clients and strangers do not dispatch', async (t) => {
  const house = await openHouse(t)
  t.match(await house.client('eventDispatch'), { errCode: 'FORBIDDEN' })
  t.match(await house.server('eventDispatch', {}), { errCode: 0 })
})
