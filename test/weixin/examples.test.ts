import t, { type Test } from 'tap'
import type { CloudFunction } from '../../shared/runtime/index.js'
import { inDeployment, type WayIn, waysIn } from './deployment.js'
import {
  type Case,
  type Exchange,
  exampleNames,
  exampleOf,
  importFunction,
  partsOf,
  type Recorded,
  startRecorder,
  TOKEN_PATH,
} from './examples.js'

/** Every example through every way in: the request that WeChat gets, byte by byte, and what the caller gets. */

const recorder = await startRecorder()
t.teardown(() => recorder.close())

type Asked = Pick<Case, 'session' | 'input'> & { settings?: Record<string, string> | undefined }

async function call(fn: CloudFunction, kase: Asked, wayIn: WayIn) {
  recorder.requests.length = 0
  return inDeployment({ weixin: recorder.url, env: { ...kase.settings, ...wayIn.env } }, async (logIn) => {
    const login = kase.session ? { sessionToken: await logIn() } : {}
    return wayIn.enter(fn, { ...kase.input, ...login })
  })
}

const needsToken = ({ query = {}, path }: Exchange['request']) => !('secret' in query) && path !== TOKEN_PATH

function sameRequest(t: Test, { query, ...got }: Recorded, wanted: Exchange['request']) {
  const token = needsToken(wanted) ? { access_token: 'ACCESS_TOKEN' } : {}
  t.strictSame(
    { method: got.method, path: got.path, query },
    { method: wanted.method, path: wanted.path, query: { ...wanted.query, ...token } },
  )
  if (wanted.contentType === 'multipart/form-data') {
    t.match(got.contentType, /^multipart\/form-data; boundary=\w{16,70}$/)
    t.strictSame(partsOf(got.contentType ?? '', got.bytes), wanted.body)
    return
  }
  t.equal(got.contentType, wanted.contentType)
  t.equal(got.bytes.toString(), wanted.body === undefined ? '' : JSON.stringify(wanted.body))
}

async function check(t: Test, fn: CloudFunction, kase: Case & Asked, wayIn: WayIn) {
  recorder.replies = kase.upstream.map(({ reply }) => reply)
  recorder.givesTokens = !kase.upstream.some(({ request }) => request.path === TOKEN_PATH)
  const answer = await call(fn, kase, wayIn)
  const { requests } = recorder
  t.equal(requests.length, kase.upstream.length, 'as many requests as the example has')
  kase.upstream.forEach(({ request }, i) => {
    const got = requests[i]
    if (got) sameRequest(t, got, request)
  })
  if (kase.fails) t.match(answer, { ...kase.fails, errSubject: 'unicloud-openapi' })
  else t.strictSame(JSON.parse(JSON.stringify(answer)), { errCode: 0, errMsg: 'ok', ...kase.output })
}

const names = exampleNames()

t.ok(names.length >= 46, 'there are examples')

for (const name of names) {
  t.test(name, async (t) => {
    const fn = await importFunction(name)
    const { more = [], refused, settings, ...first } = exampleOf(name)
    for (const kase of [first, ...more]) {
      for (const wayIn of waysIn[kase.as])
        await t.test(wayIn.name, (t) => check(t, fn, { ...kase, settings }, wayIn))
    }
    await t.test('refused', async (t) => {
      for (const { input, errCode, field } of refused) {
        for (const wayIn of waysIn.server) {
          const answer = await call(fn, { input, settings }, wayIn)
          t.match(answer, { errCode, errSubject: 'unicloud-openapi' }, JSON.stringify(input).slice(0, 80))
          t.equal(String(answer.errMsg).split(': ')[0], field, String(answer.errMsg))
          t.strictSame(recorder.requests, [], 'and nothing was sent')
        }
      }
    })
    await t.test('reach', async (t) => {
      const wayIn = waysIn.client[0]
      if (!wayIn || fn.config.reach === 'client') return
      t.match(await call(fn, { input: first.input, session: true, settings }, wayIn), {
        errCode: 'FORBIDDEN',
      })
    })
  })
}
