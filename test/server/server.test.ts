import http from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type * as Server from '../../shared/server/index.js'
import { called, createOpenapi, type Listen, openEmbeddedStore, playPayment } from './scenario.js'

const listen: Listen = async (handler) => {
  const server = http.createServer((request, response) => void handler(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const close = () => {
    server.closeAllConnections()
    return new Promise((closed) => server.close(closed))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

for (const provider of ['weixin-v3', 'weixin-v2', 'alipay'] as const) {
  t.test(`node:http, ${provider}: ordered, paid, told, refunded`, (t) => playPayment(t, listen, provider))
}

async function served(t: Test, options: Server.OpenapiOptions = {}) {
  const store = await openEmbeddedStore()
  const settings = { CLIENT_HTTP: 'on', CLIENT_ORIGINS: 'https://shop.example.com' }
  const openapi = createOpenapi({ store, settings, log: () => undefined, ...options })
  const { url, close } = await listen(openapi.handler)
  t.teardown(async () => {
    await close()
    await openapi.close()
    await store.close()
  })
  return { url, openapi, store }
}

t.test('a path without a function is told what paths are', async (t) => {
  const { url } = await served(t)
  t.match(await called(`${url}/nothing`, {}), { errCode: 'FUNCTION_NOT_FOUND', status: 404 })
  t.match(await called(`${url}/__proto__`, {}), { errCode: 'FUNCTION_NOT_FOUND', status: 404 })
  const below = await served(t, { basePath: '/openapi' })
  t.match(await called(`${below.url}/refund`, {}), { errCode: 'FUNCTION_NOT_FOUND', status: 404 })
})

t.test('whatever a caller by URL writes, it is no server and no timer', async (t) => {
  const { url } = await served(t)
  const forged = { SOURCE: 'server', source: 'server', triggerTime: 'now', triggerName: 'TIMER_LATEST' }
  const headers = { 'x-fc-invocation-type': 'Sync', 'x-fc-source': 'server', 'x-forwarded-for': '127.0.0.1' }
  for (const name of [
    'createOrder',
    'refund',
    'closeOrder',
    'eventDispatch',
    'billReconcile',
    'tokenRefresh',
  ]) {
    t.match(await called(`${url}/${name}`, forged, headers), { errCode: 'FORBIDDEN', status: 403 }, name)
    const through = await called(`${url}/openapi`, { api: `payment.${name}`, data: forged }, headers)
    t.not(through.errCode, 0, `openapi and ${name}`)
  }
})

t.test('a page that is listed reads answers and refusals', async (t) => {
  const { url } = await served(t)
  const headers = { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' }
  const asked = await fetch(`${url}/getOrderInfo`, { method: 'OPTIONS', headers })
  t.equal(asked.status, 204)
  t.equal(asked.headers.get('access-control-allow-origin'), 'https://shop.example.com')
  const foreign = await fetch(`${url}/getOrderInfo`, {
    method: 'OPTIONS',
    headers: { origin: 'https://e.example' },
  })
  t.equal(foreign.headers.get('access-control-allow-origin'), null)
})

t.test('an address that a caller writes counts only behind one’s own proxies', async (t) => {
  const burst = async (url: string, address: (i: number) => string) => {
    const ask = async (i: number) =>
      called(
        `${url}/getOrderInfo`,
        { outTradeNo: 'A1', sessionToken: 'j' },
        { 'x-forwarded-for': address(i) },
      )
    const answers = await Promise.all(Array.from({ length: 125 }, (_, i) => ask(i)))
    return answers.filter(({ errCode }) => errCode === 'TOO_MANY_REQUESTS').length
  }
  const alone = await served(t)
  const proxied = await served(t, { trustProxy: true })
  const written = (i: number) => `198.51.${i}.7`
  t.ok((await burst(alone.url, written)) > 0, 'without a proxy the header says nothing')
  t.equal(await burst(proxied.url, written), 0, 'behind one it says who called')
  t.ok(
    (await burst(proxied.url, (i) => `${written(i)}, 203.0.113.7:${4000 + i}`)) > 0,
    'what stands left is the caller’s own, and a port is nobody’s',
  )
})

t.test('a listed page reads that there is no such function', async (t) => {
  const { url } = await served(t)
  const listed = { origin: 'https://shop.example.com' }
  for (const method of ['OPTIONS', 'POST']) {
    const answer = await fetch(`${url}/nothing`, { method, headers: listed })
    t.equal(answer.headers.get('access-control-allow-origin'), listed.origin, method)
  }
  const foreign = await fetch(`${url}/nothing`, {
    method: 'OPTIONS',
    headers: { origin: 'https://e.example' },
  })
  t.equal(foreign.status, 404)
  t.equal(foreign.headers.get('access-control-allow-origin'), null)
})

function errorOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

t.test('options that cannot be are named', async (t) => {
  const wrong: [Server.OpenapiOptions, string][] = [
    [{ basePath: 'openapi' }, 'basePath'],
    [{ trustProxy: 'yes' as unknown as boolean }, 'trustProxy'],
    [{ store: 'mongodb://127.0.0.1' as never }, 'store'],
    [{ functions: { onPayment: 1 as never } }, 'functions.onPayment'],
  ]
  for (const [options, name] of wrong) {
    const refused = { errCode: 'INVALID_PARAM', errMsg: new RegExp(`^${name}`) }
    t.match(
      errorOf(() => createOpenapi(options)),
      refused,
    )
  }
})

t.test('without a store a call says what to set, and closing waits for what is under way', async (t) => {
  const openapi = createOpenapi({ settings: {}, log: () => undefined })
  const refused = { errCode: 'MISSING_SETTING' }
  const order = { outTradeNo: 'A1', totalFee: 1, body: 'tea', openid: 'o' }
  t.match(await openapi.createOrder(order).catch((error: unknown) => error), refused)
  await openapi.close()
})

t.test(
  'a store that cannot be had is what a call fails with, and no other is taken in its place',
  async (t) => {
    const folder = t.testdir({ 'openapi.sqlite': 'x'.repeat(5000) })
    const settings = { MONGODB_URI: 'mongodb://127.0.0.1:1/other' }
    const openapi = createOpenapi({ store: openEmbeddedStore(folder), settings, log: () => undefined })
    t.match(await openapi.orderList().catch((error: unknown) => error), { errCode: 'STORE_DAMAGED' })
    await openapi.close()
  },
)

t.test('over HTTP/2, and what cannot be answered', async (t) => {
  const store = await openEmbeddedStore()
  const lines: string[] = []
  const settings = { CLIENT_HTTP: 'on' }
  const openapi = createOpenapi({ store, settings, trustProxy: true, log: (line) => lines.push(line) })
  const server = http2.createServer((request, response) => {
    void openapi.handler(request as never, response as never)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.teardown(async () => {
    session.close()
    server.close()
    await openapi.close()
    await store.close()
  })
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' }
  const stream = session.request({ ':method': 'POST', ':path': '/getOrderInfo', ...headers })
  stream.end('{"outTradeNo":"A12345"}')
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  t.match(JSON.parse(Buffer.concat(pieces).toString()), { errCode: 'ORDER_NOT_FOUND' })

  const answered = {
    status: 0,
    writeHead: (status: number) => (answered.status = status),
    end: () => undefined,
  }
  await openapi.handler({ url: '/getOrderInfo' } as never, answered as never)
  t.equal(answered.status, 500, 'nothing rejects')
  t.match(lines.at(-1), /^a call that cannot be answered: TypeError/)
})
