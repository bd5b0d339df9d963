import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { type HttpRequest, http } from '../../shared/http/http.js'

/** The one way out: what it refuses to do, and what a caller learns when no answer came. */

async function listen(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = async (t: Test, answer: RequestListener): Promise<string> => {
  const server = createServer(answer)
  t.teardown(() => server.closeAllConnections())
  return listen(t, server)
}

const get = (url: string, more: Partial<HttpRequest> = {}) =>
  http.request({ method: 'GET', url, timeoutMs: 5000, ...more })

t.test(
  'every status is an answer, and no redirect is followed: it would carry the token along',
  async (t) => {
    const asked: string[] = []
    const url = await serve(t, ({ url = '' }, response) => {
      asked.push(url)
      response.writeHead(Number(url.slice(1)), { location: '/200', 'X-Mixed': 'Case' }).end('body')
    })
    for (const status of [200, 302, 307, 404, 500]) {
      t.match(await get(`${url}/${status}`), {
        status,
        headers: { location: '/200', 'x-mixed': 'Case' },
        body: Buffer.from('body'),
      })
    }
    t.strictSame(asked, ['/200', '/302', '/307', '/404', '/500'])
  },
)

t.test('a proxy in the environment is not asked: it would read tokens', async (t) => {
  const url = await serve(t, (_request, response) => response.end('the server'))
  const proxy = await serve(t, (_request, response) => response.end('a proxy'))
  const { http_proxy: before } = process.env
  process.env.http_proxy = proxy
  t.teardown(() => {
    if (before === undefined) delete process.env.http_proxy
    else process.env.http_proxy = before
  })
  t.equal((await get(url)).body.toString(), 'the server')
})

t.test('the body is sent as it is, and nothing that looks like JSON is read', async (t) => {
  const url = await serve(t, (request, response) => {
    response.setHeader('content-type', 'application/json')
    request.pipe(response)
  })
  const body = '{"b": 1,  "a":12345678901234567890}'
  const headers = { 'content-type': 'application/json' }
  t.equal((await get(url, { method: 'POST', headers, body })).body.toString(), body)
})

t.test('who gives no answer is named, never the query; whether it acted is said', async (t) => {
  const failing = async (url: string, more: Partial<HttpRequest> = {}) => {
    const error: unknown = await get(`${url}/?access_token=abcdef`, more).then(
      () => undefined,
      (error: unknown) => error,
    )
    t.ok(error, 'it fails')
    t.notMatch(JSON.stringify(error), /abcdef/)
    t.notMatch(String((error as Error).message), /abcdef/)
    t.equal((error as Error).cause, undefined)
    return error
  }
  const silent = await serve(t, () => undefined)
  t.match(await failing(silent, { timeoutMs: 50 }), { errCode: 'UPSTREAM_TIMEOUT', outcome: 'unknown' })
  const large = await serve(t, (_request, response) => response.end(Buffer.alloc(1001)))
  t.match(await failing(large, { maxBytes: 1000 }), { errCode: 'UPSTREAM_UNREACHABLE', outcome: 'unknown' })
  const rude = await listen(
    t,
    createTcpServer((socket) => socket.once('data', () => socket.destroy())),
  )
  t.match(await failing(rude), { errCode: 'UPSTREAM_UNREACHABLE', outcome: 'unknown' })
  // Nobody listens on the port of a server that has closed.
  const gone = createServer()
  const url = await listen(t, gone)
  await new Promise((resolve) => gone.close(resolve))
  t.match(await failing(url), { errCode: 'UPSTREAM_UNREACHABLE', outcome: 'failed' })
})

const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'no failure',
    (error: unknown) => error,
  )

const text = 'all of it, '.repeat(300)
const packers: readonly (readonly [encoding: string, pack: (bytes: string) => Buffer])[] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['identity', Buffer.from],
]

t.test('a packed answer is unpacked', async (t) => {
  for (const [encoding, pack] of packers) {
    const body = pack(text)
    const url = await serve(t, (_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding, 'content-length': body.length }).end(body),
    )
    t.equal((await get(url)).body.toString(), text, encoding)
  }
  const twice = brotliCompressSync(gzipSync(text))
  const url = await serve(t, (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip, br' }).end(twice),
  )
  t.equal((await get(url)).body.toString(), text, 'packed twice')
  const empty = await serve(t, (_request, response) =>
    response.writeHead(204, { 'content-encoding': 'gzip' }).end(),
  )
  t.match(await get(empty), { status: 204, body: Buffer.alloc(0) })
})

t.test('an answer that was cut short is none, whatever length it says it has', async (t) => {
  const cutShort = {
    errCode: 'UPSTREAM_UNREACHABLE',
    advice: 'retry',
    outcome: 'unknown',
    errMsg: /cut short/,
  }
  for (const [encoding, pack] of packers.slice(0, -1)) {
    const body = pack(text)
    for (const length of [body.length - 1, body.length >> 1, 1]) {
      for (const announced of [{ 'content-length': length }, {}]) {
        const url = await serve(t, (_request, response) =>
          response
            .writeHead(200, { 'content-encoding': encoding, ...announced })
            .end(body.subarray(0, length)),
        )
        t.match(await failureOf(get(url)), cutShort, `${encoding}, ${length} of ${body.length}`)
      }
    }
  }
  const broken = await serve(t, (_request, response) => {
    response.writeHead(200, { 'content-length': text.length }).write(text.slice(0, 100))
    setTimeout(() => response.destroy(), 10)
  })
  t.match(await failureOf(get(broken)), { errCode: 'UPSTREAM_UNREACHABLE', outcome: 'unknown' })
})

t.test('an answer that unpacks to more than is read is none', async (t) => {
  for (const [encoding, pack] of packers.slice(0, -1)) {
    const url = await serve(t, (_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(pack('0'.repeat(1001))),
    )
    t.match(await failureOf(get(url, { maxBytes: 1000 })), { errCode: 'UPSTREAM_UNREACHABLE' }, encoding)
    t.equal((await get(url, { maxBytes: 1001 })).body.length, 1001)
  }
})
