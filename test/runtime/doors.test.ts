import t from 'tap'
import * as v from 'valibot'
import { platformError } from '../../shared/errors/index.js'
import { callbackFunction, cloudFunction, serverFunction } from '../../shared/runtime/index.js'
import { callbackProbe, probe, withHost } from './probe.js'

const client = { SOURCE: 'client' }
const server = { SOURCE: 'function' }
const timer = { SOURCE: 'timing' }

type FunctionAnswer = Record<string, unknown>

const call = (
  operation: ReturnType<typeof probe>,
  context: object,
  event: object = {},
  env: Record<string, string> = {},
) => withHost({ env }, () => cloudFunction(operation).main(event, context)) as Promise<FunctionAnswer>

t.test('reach decides who may call', async (t) => {
  t.match(await call(probe({ reach: 'server' }), client), { errCode: 'FORBIDDEN' })
  t.match(await call(probe({ reach: 'server' }), server), { errCode: 0 })
  t.match(await call(probe({ reach: 'optIn' }), client), { errCode: 'FORBIDDEN' })
  t.match(await call(probe({ reach: 'optIn' }), client, {}, { OPENAPI_CLIENT_FUNCTIONS: 'other, probe' }), {
    errCode: 0,
  })
  t.match(await call(probe({ reach: 'server' }), client, {}, { OPENAPI_CLIENT_FUNCTIONS: 'probe' }), {
    errCode: 'FORBIDDEN',
  })
  t.match(await withHost({}, () => callbackFunction(callbackProbe()).main({}, server)), {
    errCode: 'FORBIDDEN',
  })
  t.match(await withHost({}, () => serverFunction(probe()).main({}, client)), { errCode: 'FORBIDDEN' })
  t.match(await call(probe(), timer), { errCode: 'FORBIDDEN' }, 'a function without a schedule has no timer')
})

t.test(
  'a client without a session is asked to log in, with the same words as one whose session is unknown',
  async (t) => {
    const answer = await call(probe({ session: 'required' }), client)
    t.match(answer, { errCode: 'LOGIN_REQUIRED', errSubject: 'unicloud-openapi' })
  },
)

t.test('bad input names the field and says what was expected', async (t) => {
  const input = v.strictObject({ width: v.number('expected a number') })
  t.match(await call(probe({ input }), client, { width: 'x' }), {
    errCode: 'INVALID_PARAM',
    errMsg: 'width: expected a number',
  })
  t.match(await call(probe({ input }), client), { errMsg: 'width: required, expected a number' })
  t.match(await call(probe({ input }), client, { width: 1, wdth: 2 }), {
    errMsg: /^wdth: unknown parameter; known here: width/,
  })
})

t.test("a platform's own words are for the merchant's servers and the log, not for clients", async (t) => {
  const operation = probe({
    run: async () => {
      const words = '参数错误 (/amount, value: 7)'
      throw platformError({ errCode: 'PARAM_ERROR', source: 'WeChat Pay said', text: '参数错误', words })
    },
  })
  await withHost({}, async (log) => {
    const { main } = cloudFunction(operation)
    t.match(await main({}, server), { errMsg: 'WeChat Pay said: 参数错误 (/amount, value: 7)' })
    t.match(await main({}, client), { errMsg: 'WeChat Pay said: 参数错误' })
    for (const line of log) t.match(line, /\/amount, value: 7/)
  })
})

t.test('a failure nobody foresaw shows neither its text nor its stack, and is in the log', async (t) => {
  const operation = probe({
    run: async () => {
      throw new Error('password=hunter2 at /var/secret.js')
    },
  })
  await withHost({}, async (log) => {
    const answer = await cloudFunction(operation).main({}, client)
    t.notMatch(JSON.stringify(answer), /hunter2|secret\.js/)
    t.match(answer, { errCode: 'SYSTEM_ERROR', requestId: /^[0-9a-f]{16}$/ })
    t.match(log.join('\n'), /Error: password=/)
  })
})

t.test('secrets among the settings never reach the log', async (t) => {
  const env = { MONGODB_URI: 'mongodb://user:hunter22@db.example.com/x' }
  const operation = probe({
    run: async (_input, context) => {
      context.note('tried', { uri: env.MONGODB_URI, access_token: 'abcdef', nested: { payKey: 'qwerty' } })
      throw new Error(`cannot reach ${env.MONGODB_URI} with access_token=abcdef`)
    },
  })
  await withHost({ env }, async (log) => {
    await cloudFunction(operation).main({}, client)
    t.equal(log.length, 1, 'one line an invocation')
    t.notMatch(log[0], /hunter22|abcdef|qwerty/)
  })
})

t.test(
  'a secret is masked however a failure quotes it: JSON within the line, a key of several lines',
  async (t) => {
    const env = { MONGODB_URI: 'mongodb://user:first\nsecond"third@db.example.com/x' }
    const operation = probe({
      run: async () => {
        throw new Error(
          `${JSON.stringify({ access_token: 'abcdef', sessionToken: 'ghijkl' })} ${env.MONGODB_URI}`,
        )
      },
    })
    await withHost({ env }, async (log) => {
      await cloudFunction(operation).main({}, client)
      t.match(log[0], /Error: /)
      t.notMatch(log[0], /abcdef|ghijkl|second/)
    })
  },
)

t.test('an answer comes before the platform cuts the call off', async (t) => {
  const timeouts: number[] = []
  const clock = {
    now: () => 1_700_000_000_000,
    sleep: (ms: number) => {
      timeouts.push(ms)
      return Promise.resolve()
    },
  }
  const operation = probe({ run: () => new Promise(() => undefined) })
  const late = (timeout: number, context: object) =>
    withHost({ clock }, () =>
      cloudFunction(operation, { timeout }).main({}, context),
    ) as Promise<FunctionAnswer>
  t.match(await late(600, client), { errCode: 'TIMEOUT', outcome: 'unknown' })
  t.match(await late(600, server), { errCode: 'TIMEOUT' })
  t.match(await late(5, client), { errCode: 'TIMEOUT' })
  await late(600, { SOURCE: 'http' })
  t.strictSame(timeouts, [59_500, 599_500, 4_500, 4_000], 'a provider gives up on a notice after 5 s')
  timeouts.length = 0
  for (const provider of ['aliyun', 'tencent', 'alipay', 'constructor']) {
    await late(600, { ...client, SPACEINFO: { provider } })
  }
  await late(600, { ...server, SPACEINFO: { provider: 'tencent' } })
  t.strictSame(timeouts, [59_500, 29_500, 59_500, 59_500, 599_500], 'Tencent cuts a client off sooner')
})

t.test('an error of the provider keeps its number and its request id', async (t) => {
  const operation = probe({
    run: async () => {
      throw platformError({
        errCode: 40029,
        source: 'WeChat said',
        text: 'bad code',
        meaning: { advice: 'ask the user' },
        rid: '60ae',
      })
    },
  })
  t.match(await call(operation, client), {
    errCode: 40029,
    errMsg: 'WeChat said: bad code',
    advice: 'ask the user',
    rid: '60ae',
  })
})

t.test('bytes travel as base64', async (t) => {
  const operation = probe({ run: async () => ({ contentType: 'image/png', buffer: Buffer.from([1, 2]) }) })
  t.strictSame(await call(operation, client), {
    errCode: 0,
    errMsg: 'ok',
    contentType: 'image/png',
    base64: 'AQI=',
  })
})

t.test('a URL call counts as a client only where the deployment says so', async (t) => {
  const url = (method: string, body: string, headers: object = { 'content-type': 'application/json' }) => ({
    path: '/',
    httpMethod: method,
    headers,
    body,
    isBase64Encoded: false,
  })
  const http = { SOURCE: 'http' }
  const on = { CLIENT_HTTP: 'on', CLIENT_ORIGINS: 'https://shop.example.com' }
  t.match(await call(probe(), http, url('POST', '{}')), { statusCode: 403 })
  t.match(await call(probe(), http, url('POST', '{"a":1}'), on), {
    statusCode: 200,
    body: /"source":"client","input":\{"a":1\}/,
  })
  t.match(await call(probe({ reach: 'server' }), http, url('POST', '{}'), on), { statusCode: 403 })
  t.match(await call(probe(), http, url('GET', ''), on), { statusCode: 403 })
  // What a form on a foreign page can send: JSON by its bytes, not by its type.
  t.match(await call(probe(), http, url('POST', '{}', { 'content-type': 'text/plain' }), on), {
    statusCode: 400,
  })
  t.match(await call(probe(), http, url('POST', '[1]'), on), {
    statusCode: 400,
    body: /body: expected a JSON object/,
  })
  const page = { 'content-type': 'application/json', origin: 'https://shop.example.com' }
  t.match(await call(probe(), http, url('POST', '{}', page), on), {
    headers: { 'access-control-allow-origin': 'https://shop.example.com' },
  })
  t.match(await call(probe(), http, url('OPTIONS', '', page), on), { statusCode: 204 })
  const stranger = (await call(
    probe(),
    http,
    url('POST', '{}', { ...page, origin: 'https://evil.example' }),
    on,
  )) as {
    headers: Record<string, string>
  }
  t.notOk(stranger.headers['access-control-allow-origin'])
})
