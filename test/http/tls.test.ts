import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import t, { type Test } from 'tap'
import type { OpenapiError } from '../../shared/errors/index.js'
import { type HttpRequest, http } from '../../shared/http/http.js'
import {
  issue,
  localAuthority,
  newKeyPair,
  privatePem,
} from '../../tools/emulator/platforms/certificates/index.js'

/** A handshake that failed: the request was never written, so that nothing can have been done with it. */

const keys = newKeyPair()
const certificate = (until = Date.UTC(2100, 0, 1)) =>
  issue({ name: 'shop.example.com', serialNo: '1'.repeat(40), keys, until })

async function listen(t: Test, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A server with this certificate, and what arrived at it. */
async function secure(
  t: Test,
  cert: string,
  key = privatePem(keys),
): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = []
  const server = createServer({ cert, key }, (request, response) => {
    seen.push(request.url ?? '')
    response.end('here')
  })
  t.teardown(() => server.closeAllConnections())
  return { url: await listen(t, server), seen }
}

const failing = (url: string, more: Partial<HttpRequest> = {}): Promise<OpenapiError> =>
  http.request({ method: 'POST', url, body: 'money', timeoutMs: 5000, ...more }).then(
    () => t.fail('it should have failed') as never,
    (error: OpenapiError) => error,
  )

t.test('a certificate of nobody known, of another name or day, says so, and nothing was sent', async (t) => {
  const authority = localAuthority()
  const own = await secure(t, authority.pem, privatePem(authority.keys))
  const other = await secure(t, certificate())
  const late = await secure(t, certificate(Date.UTC(2001, 0, 1)))
  const cases: [string, Partial<HttpRequest>, reason: string, hint: RegExp][] = [
    [own.url, {}, 'DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE', /set WEIXIN_PAY_CA/],
    [other.url, {}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /nobody known here certifies that server/],
    [other.url, { ca: authority.pem }, 'ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
    [late.url, { ca: authority.pem }, 'CERT_HAS_EXPIRED', /out of date, or this machine's clock/],
  ]
  for (const [url, more, reason, hint] of cases) {
    const error = await failing(url, more)
    t.match(error, { errCode: 'UPSTREAM_UNREACHABLE', outcome: 'failed', advice: 'fix the settings' })
    t.match(
      error.errMsg,
      new RegExp(`^no secure connection to 127.0.0.1:\\d+ \\((${reason})\\), nothing was sent: `),
    )
    t.match(error.errMsg, hint)
  }
  t.strictSame([own.seen, other.seen, late.seen], [[], [], []])
  t.equal(
    (await http.request({ method: 'GET', url: own.url, timeoutMs: 5000, ca: authority.pem })).status,
    200,
  )
})

t.test('whatever ends a connection before it stands, nothing was sent', async (t) => {
  const plain = await listen(t, createHttpServer())
  t.match(await failing(plain), {
    outcome: 'failed',
    errMsg: /does not speak TLS as we do; check the address/,
  })
  const rude = await listen(
    t,
    createTcpServer((socket) => socket.once('data', () => socket.destroy())),
  )
  t.match(await failing(rude), { errCode: 'UPSTREAM_UNREACHABLE', outcome: 'failed', advice: 'retry' })
})

t.test('once it stands, nobody knows', async (t) => {
  const authority = localAuthority()
  const server = createServer(
    { cert: authority.pem, key: privatePem(authority.keys) },
    (request, response) => {
      if (request.url === '/first') response.end('here')
      else request.socket.destroy()
    },
  )
  t.teardown(() => server.closeAllConnections())
  const url = await listen(t, server)
  const ca = { ca: authority.pem }
  t.match(await failing(url, ca), { errCode: 'UPSTREAM_UNREACHABLE', outcome: 'unknown', advice: 'retry' })
  await http.request({ method: 'GET', url: `${url}/first`, timeoutMs: 5000, ...ca })
  t.match(await failing(url, ca), { outcome: 'unknown' }, 'on a connection that was used before too')
})
