import { once } from 'node:events'
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import { verifyPaymentNotify } from '../../shared/payment/operations/verifyNotify.js'
import { callbackFunction, cloudFunction } from '../../shared/runtime/index.js'
import { handClock } from '../support/clock.js'
import { probe, withHost } from './probe.js'

/** Bodies that Function Compute 2.0 hands over as streams: whatever becomes of one, the caller gets an answer in time. */

interface Sent {
  status: number
  headers: Record<string, string>
  text: string
}

type Handler = ReturnType<typeof cloudFunction>['handler']

/** The answer to a request with this stream; `context` as the platform passes it. */
function answerTo(
  handler: Handler,
  stream: AsyncIterable<unknown>,
  path = '/',
  context: object = {},
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const sent: Sent = { status: 0, headers: {}, text: '' }
    const response = {
      setStatusCode: (status: number) => Object.assign(sent, { status }),
      setHeader: (name: string, value: string) => Object.assign(sent.headers, { [name]: value }),
      send: (text: string | Buffer) => resolve({ ...sent, text: String(text) }),
    }
    const request = { method: 'POST', path, headers: { 'content-type': 'application/json' } }
    const iterate = () => stream[Symbol.asyncIterator]()
    Promise.resolve(handler({ ...request, [Symbol.asyncIterator]: iterate }, response, context)).catch(reject)
  })
}

const client = cloudFunction(probe({ run: async () => ({ ran: true }) })).handler
const notify = callbackFunction(verifyPaymentNotify, { timeout: 5 }).handler
const env = { CLIENT_HTTP: 'on' }

async function* pieces(...parts: (string | Buffer | Error)[]) {
  for (const part of parts) {
    if (part instanceof Error) throw part
    yield part
  }
}

const never = new Promise<never>(() => undefined)

async function* hanging() {
  yield Buffer.from('{"a":')
  await never
}

async function* empty() {
  for (;;) yield Buffer.alloc(0)
}

const ways = [
  ['a client', client, '/'],
  ['a provider', notify, '/weixin-v2/1900000109'],
  ['nobody known', notify, '/'],
] as const

for (const [name, handler, path] of ways) {
  t.test(`${name}: a stream that breaks off is answered 400`, async (t) => {
    await withHost({ env }, async (log) => {
      const destroyed = new Readable({ read: () => undefined })
      destroyed.push('{"a":')
      setTimeout(() => destroyed.destroy(), 10)
      const streams = {
        'an error': pieces('{"a":', new Error('aborted')),
        'an error at once': pieces(new Error('aborted')),
        'an end that never came': destroyed,
        'what is no bytes': pieces('{"a":', 7 as unknown as string),
      }
      for (const [what, stream] of Object.entries(streams)) {
        const answer = await answerTo(handler, stream, path)
        t.equal(answer.status, 400, what)
        t.notMatch(answer.text, /SUCCESS|success/)
        t.match(JSON.parse(log.at(-1) ?? ''), { errCode: 'REQUEST_BROKEN_OFF', source: 'http' }, what)
      }
    })
  })

  t.test(`${name}: a stream that never ends is answered 408 before the platform cuts it off`, async (t) => {
    for (const timeout of [undefined, 3, 60]) {
      const clock = handClock()
      await withHost({ env, clock }, async (log) => {
        const startedAt = clock.now()
        const context = timeout === undefined ? {} : { function: { timeout } }
        const answer = await clock.runUntil(answerTo(handler, hanging(), path, context))
        t.equal(answer.status, 408)
        t.ok(
          clock.now() - startedAt < Math.min(5, timeout ?? 5) * 1000,
          `after ${clock.now() - startedAt} ms`,
        )
        t.notMatch(answer.text, /SUCCESS|success/)
        t.match(JSON.parse(log.at(-1) ?? ''), { errCode: 'REQUEST_TIMEOUT' })
      })
    }
  })
}

t.test('a stream of nothing, without a pause, is left in time', async (t) => {
  await withHost({ env }, async () => {
    const startedAt = Date.now()
    t.equal((await answerTo(client, empty(), '/', { function: { timeout: 1 } })).status, 408)
    t.ok(Date.now() - startedAt < 900)
  })
})

t.test('what reading took is missing from the time of the call', async (t) => {
  const clock = handClock()
  await withHost({ env, clock }, async () => {
    async function* slow() {
      await clock.sleep(3000)
      yield '{}'
    }
    const work = cloudFunction(probe({ run: () => never })).handler
    const startedAt = clock.now()
    t.equal((await clock.runUntil(answerTo(work, slow()))).status, 504)
    t.ok(clock.now() - startedAt < 5000, `after ${clock.now() - startedAt} ms`)
  })
})

t.test('pages that are listed may read the refusal', async (t) => {
  await withHost({ env: { ...env, CLIENT_ORIGINS: 'https://shop.example.com' } }, async () => {
    const request = { method: 'POST', path: '/', headers: { origin: 'https://shop.example.com' } }
    const headers: Record<string, string> = {}
    const sent = new Promise((send) => {
      const response = {
        setStatusCode: () => undefined,
        setHeader: (name: string, value: string) => Object.assign(headers, { [name]: value }),
        send,
      }
      client({ ...request, [Symbol.asyncIterator]: () => pieces(new Error('x')) }, response, {})
    })
    await sent
    t.match(headers, { 'access-control-allow-origin': 'https://shop.example.com' })
  })
})

/** A real server whose requests are handed to the function as they are. */
async function serve(t: Test, sent: (answer: Sent) => void): Promise<number> {
  const server = createServer((request) => {
    answerTo(client, request).then(sent, (error: Error) =>
      sent({ status: -1, headers: {}, text: String(error) }),
    )
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

t.test('a caller that hangs up over a real connection', async (t) => {
  await withHost({ env }, async () => {
    const answer = new Promise<Sent>((resolve) => {
      serve(t, resolve).then((port) => {
        const caller = ask({ port, method: 'POST', path: '/', headers: { 'content-length': 1000 } })
        caller.on('error', () => undefined)
        caller.write('{"a":')
        setTimeout(() => caller.destroy(), 50)
      })
    })
    t.equal((await answer).status, 400)
  })
})
