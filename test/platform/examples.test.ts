import t, { type Test } from 'tap'
import { APP_ID, biz, merchant, type Params, pem, sdk } from '../alipay/fixtures.js'
import { inDeployment, type WayIn, waysIn } from '../weixin/deployment.js'
import { exampleOf, functionNames, importFunction } from '../weixin/examples.js'
import { ALIPAY_LOGIN, type AlipayServer, alipayServer } from './alipayServer.js'

/** What Alipay's own functions and the Alipay side of the shared ones say in their examples, through every wayIn. */

interface Case {
  as: 'client' | 'server'
  /** A client that has logged in. */
  session?: boolean
  input: Record<string, unknown>
  upstream: {
    request: { method: string; params?: Params; content?: object }
    reply: object
  }[]
  output?: object
  fails?: object
}

interface Example extends Case {
  more?: Case[]
  refused: { input: object; errCode: string; field: string }[]
  /** Beside what is said of WeChat. */
  alipay?: Case[]
}

const alipayExample = (name: string): Example => exampleOf(name) as unknown as Example

/** The published SDK in Alipay's place. */
const judge = sdk({ alipayPublicKey: pem(merchant.publicKey) })

function sameRequest(
  t: Test,
  got: Params | undefined,
  { method, params, content }: Case['upstream'][0]['request'],
) {
  t.ok(judge.checkNotifySignV2(got), 'signed')
  const { sign: _sign, biz_content: _content, ...rest } = got ?? {}
  t.strictSame(rest, {
    ...{ app_id: APP_ID, method, format: 'JSON', charset: 'utf-8', sign_type: 'RSA2', version: '1.0' },
    timestamp: '2026-01-31 12:00:00',
    ...params,
  })
  t.strictSame(biz(got), content ?? {})
}

async function check(t: Test, name: string, kase: Case, wayIn: WayIn, server: AlipayServer) {
  const fn = await importFunction(name)
  server.gateway.received.length = 0
  server.replies.push(...kase.upstream.map(({ reply }) => reply))
  const env = { ...server.env, ...wayIn.env }
  const answer = await inDeployment({ weixin: 'http://127.0.0.1:9', env }, async (logIn) => {
    const login = kase.session ? { sessionToken: await logIn(ALIPAY_LOGIN) } : {}
    return wayIn.enter(fn, { ...kase.input, ...login })
  })
  t.equal(server.gateway.received.length, kase.upstream.length, 'as many requests as the example has')
  for (const [i, { request }] of kase.upstream.entries()) sameRequest(t, server.gateway.received[i], request)
  if (kase.fails) t.match(answer, { ...kase.fails, errSubject: 'unicloud-openapi' })
  else t.strictSame(answer, { errCode: 0, errMsg: 'ok', ...kase.output })
}

async function checkRefused(t: Test, name: string, refused: Example['refused'], server: AlipayServer) {
  for (const { input, errCode, field } of refused) {
    for (const wayIn of waysIn.server) {
      const fails = { errCode, errMsg: new RegExp(`^${field}: `) }
      await check(t, name, { as: 'server', input: { ...input }, upstream: [], fails }, wayIn, server)
    }
  }
}

/** Alipay's own have its methods upstream; the shared ones say beside it what is Alipay's. */
const names = functionNames().filter((name) => {
  const { alipay, upstream } = alipayExample(name)
  const isOurs = ({ request }: Case['upstream'][0]) => request.method.startsWith('alipay.')
  return alipay !== undefined || (Array.isArray(upstream) && upstream.some(isOurs))
})

t.ok(names.length >= 7, 'there are examples')

for (const name of names) {
  t.test(name, async (t) => {
    const server = await alipayServer(t)
    const { more = [], refused, alipay, ...first } = alipayExample(name)
    const cases = alipay ?? [first, ...more]
    t.ok(cases.length > 0)
    if (!alipay) await t.test('refused', (t) => checkRefused(t, name, refused, server))
    for (const kase of cases) {
      for (const wayIn of waysIn[kase.as]) {
        await t.test(`${wayIn.name}: ${JSON.stringify(kase.input).slice(0, 60)}`, (t) =>
          check(t, name, kase, wayIn, server),
        )
      }
    }
  })
}
