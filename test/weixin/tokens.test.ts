import t from 'tap'
import { inDeployment } from './deployment.js'
import { type Exchange, importFunction, startRecorder, TOKEN_PATH } from './examples.js'

/** Which token a call carries, and what becomes of one that WeChat refuses. */

const recorder = await startRecorder()
t.teardown(() => recorder.close())
recorder.givesTokens = false

const OTHER = 'wxfedcba9876543210'
const both = { WEIXIN_APPS: JSON.stringify([{ appId: OTHER, secret: 'f'.repeat(32) }]) }

const { main } = await importFunction('authGetPaidUnionId')
const input = { openid: 'o', transactionId: '4200' }

const reply = (body: object): Exchange['reply'] => ({ contentType: 'application/json', body })
const token = (name: string) => reply({ access_token: name, expires_in: 7200 })
const fine = reply({ errcode: 0, unionid: 'u' })

/** What was asked, in order: the token that a call carried, or that one was asked for. */
const asked = () =>
  recorder.requests.map(({ path, query, bytes }) => {
    if (path !== TOKEN_PATH) return query.access_token
    return JSON.parse(bytes.toString()).force_refresh === true ? 'asks by force' : 'asks'
  })

async function calls(replies: Exchange['reply'][], inputs: object[], env: Record<string, string> = {}) {
  recorder.requests.length = 0
  recorder.replies = replies
  return inDeployment({ weixin: recorder.url, env }, async () => {
    const answers: unknown[] = []
    for (const each of inputs) answers.push(await main(each, { SOURCE: 'function' }))
    return answers
  })
}

for (const errcode of [40001, 40014, 42001]) {
  t.test(`a token refused with ${errcode} is replaced, and the call repeated once`, async (t) => {
    const dead = reply({ errcode, errmsg: 'invalid credential' })
    t.match(await calls([token('A'), dead, token('B'), fine], [input]), [{ errCode: 0, unionid: 'u' }])
    t.strictSame(asked(), ['asks', 'A', 'asks', 'B'])
    t.match(await calls([token('A'), dead, token('A'), token('B'), fine], [input]), [{ errCode: 0 }])
    t.strictSame(asked(), ['asks', 'A', 'asks', 'asks by force', 'B'], 'by force where it is given again')
    t.match(await calls([token('A'), dead, token('B'), dead], [input]), [
      { errCode: errcode, advice: 'refresh' },
    ])
    t.strictSame(asked(), ['asks', 'A', 'asks', 'B'], 'and no more than once')
  })
}

t.test('other refusals cost no token', async (t) => {
  const refusal = reply({ errcode: 40003, errmsg: 'invalid openid' })
  t.match(await calls([token('A'), refusal, fine], [input, input]), [{ errCode: 40003 }, { errCode: 0 }])
  t.strictSame(asked(), ['asks', 'A', 'A'])
})

t.test('every application has a token of its own', async (t) => {
  const other = { ...input, appid: OTHER }
  t.match(await calls([token('A'), fine, token('B'), fine, fine], [input, other, input], both), [
    { errCode: 0 },
    { errCode: 0 },
    { errCode: 0 },
  ])
  t.strictSame(asked(), ['asks', 'A', 'asks', 'B', 'A'])
})

t.test('a client that logs in to the other application stays there', async (t) => {
  const login = await importFunction('authCode2Session')
  const code = await importFunction('wxacodeGet')
  const session = reply({ openid: 'o', session_key: 'tiihtNczf5v6AKRyjwEUhQ==' })
  recorder.requests.length = 0
  recorder.replies = [session, token('B'), { contentType: 'image/jpeg', base64: '/9j/4AAQSkZJRgD/2Q==' }]
  await inDeployment({ weixin: recorder.url, env: both }, async () => {
    const client = { SOURCE: 'client' }
    const { sessionToken } = (await login.main({ code: 'c', appid: OTHER }, client)) as {
      sessionToken: string
    }
    t.equal(recorder.requests[0]?.query.appid, OTHER)
    t.match(await code.main({ path: 'pages/index', sessionToken }, client), { errCode: 0 })
  })
  t.match(JSON.parse(String(recorder.requests[1]?.bytes)), { appid: OTHER })
  t.equal(recorder.requests[2]?.query.access_token, 'B')
})

t.test(
  'one application that fails keeps no other from its token, and the run counts as failed',
  async (t) => {
    const refresh = await importFunction('tokenRefresh')
    const wrong = reply({ errcode: 40125, errmsg: 'invalid appsecret' })
    recorder.requests.length = 0
    recorder.replies = [wrong, token('B')]
    await inDeployment({ weixin: recorder.url, env: both }, async () => {
      t.match(await refresh.main({}, { SOURCE: 'timing' }), { errCode: 40125, advice: 'fix the settings' })
      recorder.replies = [token('A')]
      t.match(await refresh.main({}, { SOURCE: 'timing' }), { errCode: 0, tokens: { length: 2 } })
    })
    t.equal(recorder.requests.length, 3, 'the good one was kept')
  },
)

t.test('a mobile application has no token to refresh', async (t) => {
  const refresh = await importFunction('tokenRefresh')
  const env = { WEIXIN_APPS: JSON.stringify([{ appId: OTHER, secret: 'f'.repeat(32), kind: 'app' }]) }
  recorder.replies = [token('A')]
  const answer = await inDeployment({ weixin: recorder.url, env }, () =>
    refresh.main({}, { SOURCE: 'timing' }),
  )
  t.match(answer, { errCode: 0, tokens: { length: 1 } })
})
