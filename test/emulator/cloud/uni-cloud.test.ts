import t from 'tap'
import { systemClock } from '../../../shared/clock.js'
import { editions } from '../../../tools/clouds/index.js'
import { openMiniProgram } from '../../../tools/demo/miniProgram.js'
import { startLocalCloud } from '../../../tools/emulator/cloud/index.js'
import { clientSignature } from '../../../tools/emulator/cloud/unicloud/client.js'
import { handClock } from '../../support/clock.js'
import { distOf, ECHO, failureOf, logged, openLocalCloud, plain } from './localCloud.js'

/** The published client library calls real functions through `POST /client`. */

t.test('a call arrives with its data, and the device in the context', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const phone = openMiniProgram({ endpoint: cloud.url, device: { appId: '__UNI__SHOP' } })
  phone.storage.set('uni_id_token', 'signed-in')
  const { success, errCode, result, requestId, header } = await phone.callFunction({
    name: 'echo',
    data: { price: 1, gone: undefined, when: new Date(0), 名: '茶' },
  })
  t.equal(success, true)
  t.equal(errCode, 0)
  t.strictSame(result.event, {
    price: 1,
    when: '1970-01-01T00:00:00.000Z',
    名: '茶',
    uniIdToken: 'signed-in',
  })
  t.match(result.context, {
    SPACEINFO: { spaceId: 'mp-local', provider: 'aliyun' },
    ...{ SOURCE: 'client', FUNCTION_NAME: 'echo', FUNCTION_TYPE: 'cloudfunction', CLIENTIP: '127.0.0.1' },
    ...{
      PLATFORM: 'mp-weixin',
      OS: 'android',
      APPID: '__UNI__SHOP',
      DEVICEID: 'local-device',
      LOCALE: 'zh-Hans',
    },
    ...{ appId: '__UNI__SHOP', uniPlatform: 'mp-weixin', osName: 'android', scene: 1001 },
    ...{ requestId, uniIdToken: 'signed-in' },
  })
  t.match(requestId, /^[0-9a-f]{32}$/)
  t.equal(header['x-serverless-request-id'], requestId)
})

t.test('what a client says of itself never reaches the names that give rank', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const phone = openMiniProgram({ endpoint: cloud.url })
  const { result } = await phone.callFunction({ name: 'echo' })
  t.equal((await forged(cloud.url, phone)).SOURCE, 'client')
  t.equal((result.context as Record<string, unknown>).SOURCE, 'client')
})

/** The library only sends names it knows, so this envelope is written by hand, with the library's own token. */
async function forged(url: string, phone: ReturnType<typeof openMiniProgram>) {
  const token = String(phone.requests.at(-1)?.data.token)
  const clientInfo = { SOURCE: 'function', FUNCTION_NAME: 'other', CLIENTIP: '8.8.8.8', SPACEINFO: {} }
  const { text } = await envelope(url, token, { functionTarget: 'echo', functionArgs: { clientInfo } })
  return (JSON.parse(text) as { data: { context: Record<string, unknown> } }).data.context
}

const INVOKE = 'serverless.function.runtime.invoke'

function envelope(url: string, token: string, params: unknown, changes: Record<string, unknown> = {}) {
  const timestamp = systemClock.now()
  const body = {
    ...{ method: INVOKE, params: JSON.stringify(params), spaceId: 'mp-local', timestamp, token },
    ...changes,
  }
  const headers = {
    'content-type': 'application/json',
    'x-basement-token': token,
    'x-serverless-sign': clientSignature(body, 'local-secret'),
  }
  return plain(`${url}/client`, { method: 'POST', headers, body: JSON.stringify(body) })
}

t.test('an errCode in the result is an answer, not a failure', async (t) => {
  const refuse = {
    code: "exports.main = async () => ({ errCode: 'FORBIDDEN', errMsg: 'no' }); exports.handler = async () => 0",
  }
  const { cloud } = await openLocalCloud(t, { refuse })
  const answer = await openMiniProgram({ endpoint: cloud.url }).callFunction({ name: 'refuse' })
  t.match(answer, { errCode: 0, result: { errCode: 'FORBIDDEN', errMsg: 'no' } })
})

t.test('a wrong secret, a wrong space and an unknown function are told apart', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const call = (options: { clientSecret?: string; spaceId?: string }, name = 'echo') =>
    openMiniProgram({ endpoint: cloud.url, ...options }).callFunction({ name })
  t.match(await failureOf(call({ clientSecret: 'other' })), { errCode: 'SignatureNotMatch' })
  t.match(await failureOf(call({ spaceId: 'mp-other' })), { errCode: 'InvalidSpaceId.NotFound' })
  t.match(await failureOf(call({}, 'nobody')), { errCode: 'FUNCTION_NOT_FOUND', message: /在云端不存在/ })
})

t.test('the library asks for a token once, and for another when it has expired', async (t) => {
  const clock = handClock(undefined, systemClock.now())
  const { cloud } = await openLocalCloud(t, { echo: ECHO }, { clock })
  const phone = openMiniProgram({ endpoint: cloud.url, clock })
  const authorizations = () => phone.requests.filter(({ data }) => data.method !== INVOKE).length
  await phone.callFunction({ name: 'echo' })
  await clock.advance(599_999)
  await phone.callFunction({ name: 'echo' })
  t.equal(authorizations(), 1)
  await clock.advance(1)
  t.match(await phone.callFunction({ name: 'echo' }), { success: true })
  t.equal(authorizations(), 2)
  const tokens = phone.requests.filter(({ data }) => data.method === INVOKE).map(({ data }) => data.token)
  t.equal(tokens[0], tokens[2], 'the expired token was tried first')
  t.not(tokens[2], tokens[3])
})

t.test('envelopes that are not right are refused before a function runs', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const phone = openMiniProgram({ endpoint: cloud.url })
  await phone.callFunction({ name: 'echo' })
  const token = String(phone.requests.at(-1)?.data.token)
  const good = { functionTarget: 'echo', functionArgs: {} }
  const codeOf = async (answer: ReturnType<typeof plain>) => {
    const { status, text } = await answer
    return [status, (JSON.parse(text) as { error?: { code: string } }).error?.code]
  }
  t.strictSame(await codeOf(envelope(cloud.url, token, good)), [200, undefined])
  t.strictSame(await codeOf(envelope(cloud.url, 'guessed', good)), [401, 'GATEWAY_INVALID_TOKEN'])
  t.strictSame(await codeOf(envelope(cloud.url, token, good, { token: 'x' })), [401, 'GATEWAY_INVALID_TOKEN'])
  t.strictSame(await codeOf(envelope(cloud.url, token, good, { method: '' })), [400, 'MissingMethod'])
  t.strictSame(await codeOf(envelope(cloud.url, token, good, { method: 'x' })), [400, 'InvalidMethod.Format'])
  t.strictSame(await codeOf(envelope(cloud.url, token, good, { params: '' })), [400, 'MissingParams'])
  t.strictSame(await codeOf(envelope(cloud.url, token, good, { params: '{' })), [400, 'InvalidParams.Format'])
  t.strictSame(await codeOf(envelope(cloud.url, token, [good])), [400, 'InvalidParams.Format'])
  const late = { timestamp: systemClock.now() - 20 * 60_000 }
  t.strictSame(await codeOf(envelope(cloud.url, token, good, late)), [400, 'RequestTimeout'])
  const post = (body: string) => plain(`${cloud.url}/client`, { method: 'POST', body })
  for (const body of ['', 'null', '[]', '"x"', '{"spaceId":']) {
    t.strictSame(await codeOf(post(body)), [400, 'InvalidBody.Format'], body)
  }
})

t.test('a megabyte is too much, and the next call is served', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const phone = openMiniProgram({ endpoint: cloud.url })
  const large = phone.callFunction({ name: 'echo', data: { text: 'x'.repeat(2 * 1024 * 1024) } })
  t.match(await failureOf(large), { errCode: 'InvalidBody.Format' })
  t.match(await phone.callFunction({ name: 'echo', data: { text: 'x'.repeat(1000 * 1000) } }), {
    success: true,
  })
})

t.test(
  'a function that throws, or answers no JSON, fails alone and shows neither stack nor path',
  async (t) => {
    const main = (body: string) => ({
      code: `exports.main = async () => { ${body} }; exports.handler = async () => 0`,
    })
    const { cloud, lines } = await openLocalCloud(t, {
      echo: ECHO,
      throwing: main("throw new TypeError('no such colour')"),
      circular: main('const a = {}; a.a = a; return a'),
      broken: { code: "require('./vendor/missing.js')" },
      empty: { code: 'export const main = 1' },
    })
    const phone = openMiniProgram({ endpoint: cloud.url })
    t.match(await failureOf(phone.callFunction({ name: 'throwing' })), {
      errCode: 'FunctionBizError',
      errMsg: 'no such colour',
    })
    t.match(await failureOf(phone.callFunction({ name: 'circular' })), {
      errCode: 'FunctionBizError',
      errMsg: /not JSON/,
    })
    const broken = await phone
      .callFunction({ name: 'broken' })
      .catch((error: unknown) => error as { errMsg: string })
    t.match(broken, { errCode: 'FunctionBizError', errMsg: /^Cannot find module '.\/vendor\/missing.js'$/ })
    t.match(await failureOf(phone.callFunction({ name: 'empty' })), { errCode: 'FunctionBizError' })
    t.match(lines.join('\n'), /throwing [0-9a-f]{32} unhandled: TypeError: no such colour\n\s+at /)
    t.match(await phone.callFunction({ name: 'echo' }), { success: true })
  },
)

t.test('a client is cut off whatever the function may take', async (t) => {
  const clock = handClock(undefined, systemClock.now())
  const code = `
    exports.main = () => {
      globalThis[Symbol.for('unicloud-openapi.host')].log('it runs')
      return new Promise(() => undefined)
    }
    exports.handler = async () => 0`
  const opened = await openLocalCloud(t, { stuck: { code, config: { timeout: 600 } } }, { clock })
  const phone = openMiniProgram({ endpoint: opened.cloud.url, clock })
  let ended = false
  const failure = failureOf(phone.callFunction({ name: 'stuck' })).finally(() => {
    ended = true
  })
  await logged(opened, 'it runs')
  await clock.advance(editions.aliyun.timeoutClient.value * 1000 - 1)
  t.equal(ended, false)
  await clock.advance(1)
  t.match(await failure, { errCode: 'RequestTimeout' })
})

t.test('one instance per function, and a new one with a new local cloud', async (t) => {
  const code = 'let n = 0; exports.main = async () => ({ n: ++n }); exports.handler = async () => 0'
  const dist = distOf(t, { count: { code } })
  for (const life of ['first', 'second']) {
    const cloud = await startLocalCloud({ dist, env: {}, log: () => undefined })
    const phone = openMiniProgram({ endpoint: cloud.url })
    t.match(await phone.callFunction({ name: 'count' }), { result: { n: 1 } }, life)
    t.match(await phone.callFunction({ name: 'count' }), { result: { n: 2 } }, life)
    await cloud.close()
  }
})

t.test('functions find their host: settings, clock, log, and each other', async (t) => {
  const code = `
    exports.main = async (event, context) => {
      const { env, clock, log, callFunction } = globalThis[Symbol.for('unicloud-openapi.host')]
      log('asked')
      const other = await callFunction('echo', { when: new Date(0), gone: undefined })
      return { setting: env.WEIXIN_APP_ID, notify: env.NOTIFY_BASE_URL, now: clock.now(), other }
    }
    exports.handler = async () => 0`
  const clock = handClock(undefined, systemClock.now())
  const env = { WEIXIN_APP_ID: 'wx0123456789abcdef' }
  const { cloud, lines } = await openLocalCloud(t, { asking: { code }, echo: ECHO }, { clock, env })
  const { result } = await openMiniProgram({ endpoint: cloud.url, clock }).callFunction({ name: 'asking' })
  t.match(result, { setting: env.WEIXIN_APP_ID, notify: `${cloud.url}/http`, now: clock.now() })
  t.notOk('NOTIFY_BASE_URL' in env, 'the caller keeps its own settings')
  t.strictSame(lines, ['asked'])
  t.match(result.other, {
    event: { when: '1970-01-01T00:00:00.000Z' },
    context: { SOURCE: 'function', FUNCTION_NAME: 'echo' },
  })
})
