import { Agent, createServer } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { join } from 'node:path'
import npmAxios, { type AxiosError, type AxiosRequestConfig, type AxiosStatic } from 'axios'
import t, { type Test } from 'tap'
import { DIST } from './space.js'

/** The axios that functions carry along has an adapter of its own: it sends and answers what that of npm does. */

const vendored = createRequire(import.meta.url)(
  join(DIST, 'functions', 'wxacodeGet', 'vendor', 'axios.js'),
) as { default: AxiosStatic }
const settings: AxiosRequestConfig = {
  ...{ proxy: false, maxRedirects: 0, decompress: false, responseType: 'arraybuffer' },
  validateStatus: () => true,
  transformRequest: [(data: unknown) => data],
  // Without keep-alive, so that each request is seen whole by a server that counts connections.
  httpAgent: new Agent({ keepAlive: false }),
}
const clients = [npmAxios, vendored.default].map((axios) => axios.create(settings))

/** What a server that answers `reply` to any request gets to read, and its address. */
async function raw(t: Test, reply: (socket: Socket) => void): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = []
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      seen.push(data.toString())
      reply(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** What either client says of the same request: an answer, or an error with its code and cause. */
const outcomes = (config: () => AxiosRequestConfig): Promise<unknown[]> =>
  Promise.all(
    clients.map((client) =>
      client.request<Buffer>(config()).then(
        ({ status, headers, data }) => ({
          status,
          headers: { ...headers },
          data: Buffer.from(data).toString(),
        }),
        ({ code, cause }: AxiosError) => ({ code, cause: (cause as { code?: string } | undefined)?.code }),
      ),
    ),
  )

async function alike(t: Test, name: string, config: () => AxiosRequestConfig): Promise<unknown> {
  const [npm, ours] = await outcomes(config)
  t.strictSame(ours, npm, name)
  return ours
}

t.test('the same bytes leave, and the same answer comes back', async (t) => {
  const answer = 'HTTP/1.1 302 Found\r\nLocation: /x\r\nX-Mixed: a\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n'
  const { url, seen } = await raw(t, (socket) =>
    socket.end(`${answer}Content-Length: 4\r\nConnection: close\r\n\r\nbody`),
  )
  const headers = { 'user-agent': 'unicloud-openapi', accept: '*/*', Authorization: 'x y' }
  const requests: AxiosRequestConfig[] = [
    { method: 'GET', url: `${url}/a/b?c=d%20e&f='g'&h=%E4%BA%91`, headers },
    {
      method: 'POST',
      url: `${url}/茶?q=茶`,
      headers: { ...headers, 'content-type': 'application/json' },
      data: '{"body":"一壶茶"}',
    },
    {
      method: 'POST',
      url,
      headers: { ...headers, 'content-type': 'x/y' },
      data: Buffer.from('00ff80', 'hex'),
    },
    { method: 'POST', url, headers },
    {
      method: 'GET',
      url: url.replace('//', '//shop:p%40ss@'),
      headers: { 'user-agent': 'unicloud-openapi', accept: '*/*' },
    },
  ]
  for (const request of requests) {
    seen.length = 0
    t.match(await alike(t, `${request.method} ${request.url}`, () => request), { status: 302, data: 'body' })
    t.equal(seen[1], seen[0], 'on the wire')
  }
})

t.test('the same failures are told by the same codes', async (t) => {
  const cut = await raw(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
  t.match(await alike(t, 'cut short', () => ({ url: cut.url })), { code: /./ })
  const large = await raw(t, (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(101)}`))
  t.match(await alike(t, 'too large', () => ({ url: large.url, maxContentLength: 100 })), {
    code: 'ERR_BAD_RESPONSE',
  })
  const rude = await raw(t, (socket) => socket.destroy())
  t.match(await alike(t, 'hung up', () => ({ url: rude.url })), { code: 'ECONNRESET', cause: 'ECONNRESET' })
  const silent = await raw(t, () => undefined)
  const aborted = () => ({ url: silent.url, signal: AbortSignal.timeout(30) })
  t.match(await alike(t, 'no answer in time', aborted), { code: 'ERR_CANCELED' })
  t.match(await alike(t, 'too late already', () => ({ url: silent.url, signal: AbortSignal.abort() })), {
    code: 'ERR_CANCELED',
  })
  t.match(await alike(t, 'no HTTP', () => ({ url: rude.url.replace('http', 'https') })), { code: /./ })
  const gone = createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const { port } = gone.address() as AddressInfo
  await new Promise((resolve) => gone.close(resolve))
  t.match(await alike(t, 'nobody there', () => ({ url: `http://127.0.0.1:${port}` })), {
    code: 'ECONNREFUSED',
    cause: 'ECONNREFUSED',
  })
  t.match(
    await alike(t, 'more than may be sent', () => ({
      method: 'POST',
      url: rude.url,
      data: 'xx',
      maxBodyLength: 1,
    })),
    {
      code: 'ERR_BAD_REQUEST',
    },
  )
})
