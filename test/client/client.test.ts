import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { type CallFailure, callApi, callFunction, clientOver } from '../../shared/client/index.js'
import { compile, snippets } from './compile.js'

const root = join(import.meta.dirname, '..', '..')

interface Builder {
  buildClient(folder: string): Promise<void>
}

const builder = (await import(pathToFileURL(join(root, 'tools', 'build', 'client.mjs')).href)) as Builder
const folder = t.testdir()
const client = join(folder, 'client')
await builder.buildClient(client)

const pages = ['docs/client.md', 'docs/client.zh-CN.md']

t.test('every block of the docs compiles in a front end, and both languages show the same', async (t) => {
  const [english = [], chinese] = pages.map(snippets)
  t.ok(english.length >= 9)
  t.strictSame(chinese, english)
  compile(client, english).forEach((problems, i) => {
    t.strictSame(problems, [], english[i]?.split('\n')[2] ?? '')
  })
})

const importing = "import { callApi, callFunction } from 'unicloud-openapi/client'\n"
const session = "sessionToken: 'token'"

t.test('what the functions take compiles', async (t) => {
  const right = [
    `callFunction('authCode2Session', { code: 'c' }).then(({ openid, unionid = '' }) => openid + unionid)`,
    `callFunction('wxacodeGet', { path: 'pages/index', width: 430, ${session} }).then(({ base64 }) => base64.length)`,
    `callFunction('wxacodeGet', { path: 'pages/index', code: 'a fresh code in place of a session' })`,
    `callFunction('authCode2Session', { code: 'c', appid: 'wx0123456789abcdef' })`,
    `callFunction('orderQuery', { outTradeNo: 'T1', payToken: 'of an app' })`,
    `callFunction('securityImgSecCheck', { version: 1, media: { contentType: 'image/png', value: 'base64' }, ${session} })`,
    `callApi('wxacode.getUnlimited', { scene: 'a=1', ${session} }).then(({ contentType }) => contentType)`,
    `callFunction('securityMsgSecCheck', { content: 'text', scene: 1, ${session} }).then(({ result }) => {
       const suggest: 'pass' | 'review' | 'risky' = result.suggest
       return suggest
     })`,
  ].map((text) => `${importing}export const made = ${text}`)
  t.strictSame(
    compile(client, right),
    right.map(() => []),
  )
})

t.test('what they refuse, or do not answer, does not compile', async (t) => {
  const wrong: [string, RegExp][] = [
    [`callFunction('wxacodeGett', { path: 'a', ${session} })`, /"wxacodeGett"/],
    [`callFunction('refund', { outTradeNo: 'T1' })`, /"refund"/],
    [`callFunction('authGetAccessToken', {})`, /"authGetAccessToken"/],
    [`callFunction('wxacodeGet', { ${session} })`, /path/],
    [`callFunction('wxacodeGet', { path: 'a' })`, /sessionToken|code/],
    [`callFunction('wxacodeGet', { path: 'a', widht: 430, ${session} })`, /widht/],
    [`callFunction('wxacodeGet', { path: 'a', width: '430', ${session} })`, /string/],
    [`callFunction('securityMsgSecCheck', { content: 'text', scene: 9, ${session} })`, /9/],
    [`callFunction('securityMsgSecCheck', { content: 'text', scene: 1, openid: 'o', ${session} })`, /openid/],
    [`callFunction('decryptGetPhoneNumber', { code: 'of the button' })`, /sessionToken/],
    [`callFunction('authCode2Session', { code: 'c' }).then(({ sessionKey }) => sessionKey)`, /sessionKey/],
    [`callFunction('wxacodeGet', { path: 'a', ${session} }).then(({ buffer }) => buffer)`, /buffer/],
    [`callApi('wxacodeGet', { path: 'a', ${session} })`, /"wxacodeGet"/],
    [`callApi('payment.refund', { outTradeNo: 'T1' })`, /"payment.refund"/],
  ]
  const problems = compile(
    client,
    wrong.map(([text]) => `${importing}export const made = ${text}`),
  )
  wrong.forEach(([text, reason], i) => {
    t.match(problems[i]?.join('\n') ?? '', reason, text)
  })
})

t.test('it weighs next to nothing, and asks for nothing beside it', async (t) => {
  const code = readFileSync(join(client, 'index.js'), 'utf8')
  t.ok(code.length < 1000, `${code.length} bytes`)
  t.notMatch(code, /import|require/)
  for (const name of ['index.d.ts', 'functions.d.ts']) {
    const from = [...readFileSync(join(client, name), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, path]) => path,
    )
    t.strictSame(
      from.filter((path) => path !== './functions.js'),
      [],
      name,
    )
  }
})

interface Called {
  name: string
  data: object
}

t.test('answers come back as they are, refusals as errors', async (t) => {
  const called: Called[] = []
  let answer: object = {}
  Object.assign(globalThis, {
    uniCloud: {
      callFunction: async (call: Called) => {
        called.push(call)
        return { result: answer }
      },
    },
  })
  answer = { errCode: 0, errMsg: 'ok', traceId: 't', state: 'waiting' }
  t.equal(await callFunction('securityMediaCheckResult', { traceId: 't', sessionToken: 's' }), answer)
  // A finding of the provider's, not a failure.
  answer = { errCode: 87014, errMsg: 'risky content', result: { suggest: 'risky' } }
  t.equal(await callApi('security.msgSecCheck', { content: 'x', version: 1, sessionToken: 's' }), answer)
  t.strictSame(called, [
    { name: 'securityMediaCheckResult', data: { traceId: 't', sessionToken: 's' } },
    {
      name: 'openapi',
      data: { api: 'security.msgSecCheck', data: { content: 'x', version: 1, sessionToken: 's' } },
    },
  ])
  answer = {
    ...{ errCode: 'LOGIN_REQUIRED', errMsg: 'log in', errSubject: 'unicloud-openapi' },
    ...{ requestId: 'r', advice: 'ask the user' },
  }
  const failure: CallFailure & Error = await callFunction('wxacodeGet', {
    path: 'a',
    sessionToken: 's',
  }).then(
    () => Promise.reject(new Error('not rejected')),
    (error) => error,
  )
  t.ok(failure instanceof Error)
  t.match(failure, { message: 'log in', errCode: 'LOGIN_REQUIRED', requestId: 'r', advice: 'ask the user' })
})

t.test('another way to the functions', async (t) => {
  const sent: unknown[] = []
  const { callFunction: call } = clientOver(async (...given) => {
    sent.push(given)
    return { errCode: 0, contentType: 'image/png', base64: '' }
  })
  t.match(await call('wxacodeGet', { path: 'a', sessionToken: 's' }), { contentType: 'image/png' })
  t.strictSame(sent, [['wxacodeGet', { path: 'a', sessionToken: 's' }]])
})
