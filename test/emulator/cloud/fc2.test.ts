import t from 'tap'
import { systemClock } from '../../../shared/clock.js'
import { openFc2 } from '../../../tools/demo/calls.js'
import { handClock } from '../../support/clock.js'
import { ECHO, failureOf, logged, openLocalCloud, plain } from './localCloud.js'

/** The published Alibaba SDK calls real functions through the invoke API. */

const SERVICE = 'unicloud-openapi-weixin'

/** A function of which only the Function Compute entry matters. */
const withHandler = (handler: string) => ({
  code: `exports.main = async () => 0; exports.handler = ${handler}`,
})

t.test('an event arrives as the bytes that were sent, with the context of Function Compute', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const { data, headers } = await openFc2(cloud.url).invokeFunction(SERVICE, 'echo', '{"名":"茶"}')
  t.equal(headers['content-type'], 'application/octet-stream')
  const { event, context } = JSON.parse(String(data)) as { event: string; context: Record<string, unknown> }
  t.equal(event, '{"名":"茶"}')
  t.match(context, {
    requestId: headers['x-fc-request-id'],
    function: { name: 'echo', handler: 'index.handler', memory: 256, timeout: 20 },
    service: { name: SERVICE, qualifier: 'LATEST' },
    ...{ accountId: 'local', region: 'local' },
  })
})

t.test('bytes go through unchanged both ways, and nothing is an empty event', async (t) => {
  const mirror = withHandler('(event, context, callback) => callback(null, event)')
  const { cloud } = await openLocalCloud(t, { mirror })
  const bytes = Buffer.from([0, 255, 128, 10, 13])
  const client = openFc2(cloud.url)
  const { data } = await client.invokeFunction(SERVICE, 'mirror', bytes, {}, 'LATEST', { rawBuf: true })
  t.strictSame(data, bytes)
  t.match(await client.invokeFunction(SERVICE, 'mirror', null), { data: '' })
})

t.test('handlers may call back or return a promise', async (t) => {
  const { cloud } = await openLocalCloud(t, {
    calls: withHandler(
      '(event, context, callback) => { setTimeout(() => callback(null, { by: "callback" }), 5) }',
    ),
    promises: withHandler('async (event) => ({ by: "promise" })'),
    texts: withHandler('async () => "text"'),
    nothing: withHandler('async () => undefined'),
  })
  const answer = async (name: string) => (await openFc2(cloud.url).invokeFunction(SERVICE, name, '')).data
  t.equal(await answer('calls'), '{"by":"callback"}')
  t.equal(await answer('promises'), '{"by":"promise"}')
  t.equal(await answer('texts'), 'text')
  t.equal(await answer('nothing'), '')
})

t.test('a function that fails is not an error of the API', async (t) => {
  const clock = handClock(undefined, systemClock.now())
  const opened = await openLocalCloud(
    t,
    {
      throws: withHandler('async () => { throw new RangeError("too far") }'),
      refuses: withHandler('(event, context, callback) => callback(new Error("not today"))'),
      never: withHandler('(event, { logger }) => logger.info("it runs")'),
    },
    { clock },
  )
  const client = openFc2(opened.cloud.url)
  const failed = async (name: string) => {
    const { data, headers } = await client.invokeFunction(SERVICE, name, '')
    return { type: headers['x-fc-error-type'], data }
  }
  t.strictSame(await failed('throws'), {
    type: 'UnhandledInvocationError',
    data: { errorMessage: 'too far', errorType: 'RangeError', stackTrace: [] },
  })
  t.match(await failed('refuses'), { type: 'HandledInvocationError', data: { errorMessage: 'not today' } })
  const never = failed('never')
  await logged(opened, 'it runs')
  await clock.advance(20_000)
  t.match(await never, {
    type: 'UnhandledInvocationError',
    data: { errorMessage: 'Function timed out after 20 seconds' },
  })
})

t.test('wrong keys, unknown places and unknown functions are refused by their names', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO, pay: { ...ECHO, config: { group: 'payment' } } })
  const call = (changes: object, service = SERVICE, name = 'echo', qualifier?: string) =>
    failureOf(openFc2(cloud.url, changes).invokeFunction(service, name, 'x', {}, qualifier))
  t.match(await call({ accessKeySecret: 'other' }), { code: 'SignatureNotMatch', message: /failed with 403/ })
  t.match(await call({ accessKeyID: 'other' }), { code: 'InvalidAccessKeyID', message: /failed with 403/ })
  t.match(await call({}, 'other'), { code: 'ServiceNotFound', message: /failed with 404/ })
  t.match(await call({}, SERVICE, 'nobody'), { code: 'FunctionNotFound', message: /failed with 404/ })
  t.match(await call({}, SERVICE, 'pay'), { code: 'FunctionNotFound' }, 'a function lives in its own service')
  t.match(await call({}, SERVICE, 'echo', 'v1'), { code: 'AliasNotFound' })
  t.match(await failureOf(openFc2(cloud.url).get('/services')), { code: 'PathNotSupported' })
  t.match(await openFc2(cloud.url).invokeFunction(SERVICE, 'echo', 'x', {}, 'LATEST'), {
    headers: { 'content-type': 'application/octet-stream' },
  })
})

t.test('a signature holds for its own body and its own quarter of an hour', async (t) => {
  const clock = handClock(undefined, systemClock.now())
  const { cloud } = await openLocalCloud(t, { echo: ECHO }, { clock })
  const client = openFc2(cloud.url)
  const lied = { 'content-md5': 'YWJj' }
  const url = `${cloud.url}/2016-08-15/services/${SERVICE}/functions/echo/invocations`
  t.match(await plain(url, { method: 'POST', body: '{}' }), { status: 400, text: /MissingRequiredHeader/ })
  t.match(await failureOf(signedWith(cloud.url, lied)), { code: 'InvalidArgument' })
  await clock.advance(14 * 60_000)
  t.match(await client.invokeFunction(SERVICE, 'echo', '1'), { headers: { 'x-fc-request-id': /./ } })
  await clock.advance(2 * 60_000)
  t.match(await failureOf(client.invokeFunction(SERVICE, 'echo', '1')), { code: 'SignatureNotMatch' })
})

/** The SDK overwrites `content-md5` of a body, so the body goes in by another way: none, and a digest of something. */
const signedWith = (url: string, headers: Record<string, string>) =>
  openFc2(url).invokeFunction(SERVICE, 'echo', null, headers)

t.test('an asynchronous call is taken at once and repeated while it fails', async (t) => {
  const clock = handClock(undefined, systemClock.now())
  const opened = await openLocalCloud(
    t,
    {
      flaky: withHandler(`(() => {
        let runs = 0
        return async (event, { logger }) => {
          logger.info('run ' + ++runs + ' of ' + event)
          if (runs < 3) throw new Error('not yet')
          logger.info('done')
        }
      })()`),
    },
    { clock },
  )
  const { data } = await openFc2(opened.cloud.url).invokeFunction(SERVICE, 'flaky', 'job', {
    'x-fc-invocation-type': 'Async',
  })
  t.equal(data, '')
  await logged(opened, 'run 1 of job')
  t.notOk(opened.lines.some((line) => line.includes('run 2')))
  await clock.advance(1000)
  await logged(opened, 'run 2 of job')
  await clock.advance(2000)
  await logged(opened, 'done')
})

t.test('the tail of the log comes along when asked for', async (t) => {
  const host = "globalThis[Symbol.for('unicloud-openapi.host')]"
  const { cloud } = await openLocalCloud(t, {
    talks: withHandler(`async (event) => { ${host}.log('first ' + event); await null; ${host}.log('last') }`),
  })
  const talk = async (event: string) => {
    const headers = { 'x-fc-log-type': 'Tail' }
    const answer = await openFc2(cloud.url).invokeFunction(SERVICE, 'talks', event, headers)
    return Buffer.from(answer.headers['x-fc-log-result'] ?? '', 'base64').toString()
  }
  t.strictSame(await Promise.all([talk('a'), talk('b')]), ['first a\nlast', 'first b\nlast'])
})

t.test('an asynchronous event has at most 128 KB', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const call = (headers: Record<string, string>) =>
    openFc2(cloud.url).invokeFunction(SERVICE, 'echo', Buffer.alloc(128 * 1024 + 1), headers)
  t.match(await failureOf(call({ 'x-fc-invocation-type': 'Async' })), { code: 'EntityTooLarge' })
  t.match(await call({}), { headers: { 'content-type': 'application/octet-stream' } })
})
