import t from 'tap'
import { fromFcRequest } from '../../shared/runtime/functionCompute/arrival.js'
import { callbackFunction, cloudFunction, serverFunction, timerFunction } from '../../shared/runtime/index.js'
import { readingTime } from '../../shared/runtime/invocation.js'
import { fromUniCloud } from '../../shared/runtime/unicloud/arrival.js'
import { callbackProbe, probe, withHost } from './probe.js'

/** Calls as the platforms were recorded to make them, and what the front door must see in each. */

const xml = '<xml><total_fee>1</total_fee></xml>'
const xmlBase64 = Buffer.from(xml).toString('base64')
const spaceInfo = {
  SPACEINFO: { spaceId: 'mp-1', provider: 'aliyun' },
  FUNCTION_NAME: 'probe',
  FUNCTION_TYPE: 'cloudfunction',
}

const integrated = {
  path: '/weixin-v2/1900000109',
  httpMethod: 'POST',
  headers: { 'Content-Type': 'text/xml', Host: 'fc.example.com' },
  body: xmlBase64,
  isBase64Encoded: true,
}

const http = {
  method: 'POST',
  path: '/weixin-v2/1900000109',
  headers: { 'content-type': 'text/xml', host: 'fc.example.com' },
  query: {},
  rawBody: xmlBase64,
}

interface Recorded {
  name: string
  door: 'main' | 'handler'
  kind?: 'callback' | 'scheduled'
  event: unknown
  context: unknown
  seen: object
}

const recorded: Recorded[] = [
  {
    name: 'uniCloud: a client, with what the client library adds to the data',
    door: 'main',
    event: { path: 'pages/index', clientInfo: { appId: 'x' }, uniIdToken: 'secret' },
    context: {
      ...spaceInfo,
      SOURCE: 'client',
      PLATFORM: 'mp-weixin',
      APPID: '__UNI__1',
      CLIENTIP: '203.0.113.7',
    },
    seen: {
      source: 'client',
      input: { path: 'pages/index' },
      client: { platform: 'mp-weixin', appId: '__UNI__1', ip: '203.0.113.7' },
    },
  },
  {
    name: 'uniCloud: the newer client names win over the older',
    door: 'main',
    event: {},
    context: {
      ...spaceInfo,
      SOURCE: 'client',
      PLATFORM: 'app-plus',
      uniPlatform: 'app',
      appId: '__UNI__2',
      APPID: '__UNI__1',
    },
    seen: { source: 'client', input: {}, client: { platform: 'app', appId: '__UNI__2' } },
  },
  {
    name: 'uniCloud: base64 that says so in a text, as one page documents it',
    door: 'main',
    kind: 'callback',
    event: { ...integrated, isBase64Encoded: 'true' },
    context: { ...spaceInfo, SOURCE: 'http' },
    seen: { source: 'http', input: null, client: {}, http },
  },
  {
    name: 'uniCloud: another cloud function',
    door: 'main',
    event: { outTradeNo: 'T1' },
    context: { ...spaceInfo, SOURCE: 'function' },
    seen: { source: 'server', input: { outTradeNo: 'T1' } },
  },
  {
    name: 'uniCloud: the console',
    door: 'main',
    event: {},
    context: { ...spaceInfo, SOURCE: 'server' },
    seen: { source: 'server', input: {} },
  },
  {
    name: 'uniCloud Alibaba: a timer, whose event carries nothing of ours',
    door: 'main',
    kind: 'scheduled',
    event: {
      triggerName: 'TIMER_LATEST',
      triggerTime: '2023-07-14T00:00:00Z',
      Time: '2023-07-14T00:00:00Z',
      TriggerName: 'TIMER_LATEST',
      Type: 'Timer',
    },
    context: { ...spaceInfo, SOURCE: 'timing' },
    seen: { source: 'timer', input: {} },
  },
  {
    name: 'uniCloud Tencent: a timer',
    door: 'main',
    kind: 'scheduled',
    event: { Time: '2020-04-08T10:22:31Z', TriggerName: 'myTrigger', Type: 'Timer' },
    context: { ...spaceInfo, SOURCE: 'timing' },
    seen: { source: 'timer', input: {} },
  },
  {
    name: 'uniCloud: a URL call with a base64 body',
    door: 'main',
    kind: 'callback',
    event: integrated,
    context: { ...spaceInfo, SOURCE: 'http', CLIENTIP: '203.0.113.7' },
    seen: { source: 'http', input: null, client: { ip: '203.0.113.7' }, http },
  },
  {
    name: 'uniCloud: a URL call with a plain body and a query',
    door: 'main',
    kind: 'callback',
    event: { ...integrated, body: xml, isBase64Encoded: false, queryStringParameters: { a: '1' } },
    context: { ...spaceInfo, SOURCE: 'http' },
    seen: { source: 'http', input: null, client: {}, http: { ...http, query: { a: '1' } } },
  },
  {
    name: 'uniCloud: a URL call without a body',
    door: 'main',
    kind: 'callback',
    event: { path: '/', httpMethod: 'GET', headers: {}, isBase64Encoded: false },
    context: { ...spaceInfo, SOURCE: 'http' },
    seen: {
      source: 'http',
      input: null,
      client: {},
      http: { method: 'GET', path: '/', headers: {}, query: {}, rawBody: '' },
    },
  },
  {
    name: 'uniCloud without SOURCE: the shape of a URL call makes it one',
    door: 'main',
    kind: 'callback',
    event: integrated,
    context: {},
    seen: { source: 'http', input: null, client: {}, http },
  },
  {
    name: 'uniCloud without SOURCE: an event that dresses as a timer is a client',
    door: 'main',
    event: { Type: 'Timer', triggerTime: '2023-07-14T00:00:00Z' },
    context: {},
    seen: { source: 'client', input: { Type: 'Timer', triggerTime: '2023-07-14T00:00:00Z' }, client: {} },
  },
  {
    name: 'uniCloud: what a client writes never raises its rank',
    door: 'main',
    event: { SOURCE: 'function', httpMethod: 'POST', headers: {}, source: 'server' },
    context: { ...spaceInfo, SOURCE: 'client' },
    seen: {
      source: 'client',
      input: { SOURCE: 'function', httpMethod: 'POST', headers: {}, source: 'server' },
      client: {},
    },
  },
  {
    name: 'uniCloud: a SOURCE nobody knows is a client',
    door: 'main',
    event: {},
    context: { SOURCE: 'superuser' },
    seen: { source: 'client', input: {}, client: {} },
  },
  {
    name: 'Function Compute: a plain invocation',
    door: 'handler',
    event: Buffer.from('{"outTradeNo":"T1"}'),
    context: { requestId: 'r-1', function: { name: 'probe', timeout: 60 } },
    seen: { source: 'server', input: { outTradeNo: 'T1' } },
  },
  {
    name: 'Function Compute: an empty invocation',
    door: 'handler',
    event: Buffer.alloc(0),
    context: {},
    seen: { source: 'server', input: {} },
  },
  {
    name: 'Function Compute: a timer',
    door: 'handler',
    kind: 'scheduled',
    event: Buffer.from('{"triggerTime":"2023-12-26T07:49:00Z","triggerName":"timer-trigger","payload":""}'),
    context: {},
    seen: { source: 'timer', input: {} },
  },
  {
    name: 'Function Compute 3.0: a URL call',
    door: 'handler',
    kind: 'callback',
    event: Buffer.from(
      JSON.stringify({
        version: 'v1',
        rawPath: '/verifyPaymentNotify/weixin-v2/1900000109',
        body: xmlBase64,
        isBase64Encoded: true,
        headers: { 'Content-Type': 'text/xml', Host: 'fc.example.com' },
        queryParameters: { p: 'v1,v2' },
        requestContext: {
          requestId: 'r-2',
          http: {
            method: 'POST',
            path: '/verifyPaymentNotify/weixin-v2/1900000109',
            sourceIp: '203.0.113.7',
          },
        },
      }),
    ),
    context: {},
    seen: {
      source: 'http',
      input: null,
      client: { ip: '203.0.113.7' },
      http: { ...http, path: '/verifyPaymentNotify/weixin-v2/1900000109', query: { p: 'v1,v2' } },
    },
  },
  {
    name: 'Function Compute 3.0: a URL call whose body dresses as a timer is a URL call',
    door: 'handler',
    kind: 'callback',
    event: Buffer.from(
      JSON.stringify({
        version: 'v1',
        rawPath: '/x',
        triggerTime: '2023-12-26T07:49:00Z',
        triggerName: 'timer',
        headers: {},
        requestContext: { http: { method: 'POST', path: '/x' } },
      }),
    ),
    context: {},
    seen: {
      source: 'http',
      input: null,
      http: { method: 'POST', path: '/x', headers: {}, query: {}, rawBody: '' },
    },
  },
]

for (const { name, door, kind, event, context, seen } of recorded) {
  t.test(name, async (t) => {
    const made =
      kind === 'callback'
        ? callbackFunction(callbackProbe())
        : kind === 'scheduled'
          ? timerFunction(probe(), { every: '5m' })
          : cloudFunction(probe())
    const answer = (await withHost({}, () => Promise.resolve(made[door](event, context)))) as Record<
      string,
      unknown
    >
    if (kind !== 'callback') return t.match(answer, { errCode: 0, errMsg: 'ok', seen })
    t.match(answer, { mpserverlessComposedResponse: true, statusCode: 200, isBase64Encoded: false })
    return t.strictSame(JSON.parse(String(answer.body)), { seen })
  })
}

t.test(
  'what nests where platforms send texts is no text, and no reason to throw at the platform',
  async (t) => {
    const nothing = { toString: 1, valueOf: 1 }
    let deep: unknown = []
    for (let level = 0; level < 20_000; level++) deep = [deep]
    const texts = { Plain: 'x', several: ['1', 2], object: nothing, among: ['1', nothing], deep, none: null }
    const kept = { several: '1,2', object: '', among: '1', deep: '', none: '' }
    const seen = {
      source: 'http',
      http: { headers: { plain: 'x', ...kept }, query: { Plain: 'x', ...kept } },
    }
    const { main, handler } = callbackFunction(callbackProbe())
    const integratedCall = { ...integrated, headers: texts, queryStringParameters: texts }
    const calledBy = async (call: () => unknown) => {
      const { body } = (await withHost({}, async () => call())) as { body?: string }
      t.match(JSON.parse(body ?? ''), { seen })
    }
    await calledBy(() => main(integratedCall, {}))
    await calledBy(() => main(integratedCall, { SOURCE: 'http' }))
    const event = { version: 'v1', rawPath: '/', requestContext: {}, headers: texts, queryParameters: texts }
    await calledBy(() => handler(event, {}))
  },
)

t.test(
  'an invocation that Function Compute hands over as a URL call is no server and no timer',
  async (t) => {
    const dressed = {
      body: '{"outTradeNo":"T1"}',
      triggerTime: '2023-12-26T07:49:00Z',
      triggerName: 'timer',
      headers: { 'X-Acs-Action': 'InvokeFunction', 'x-fc-control-path': '/invoke' },
    }
    const rawPath = '/2023-03-30/functions/openapi-dev-probe/invocations'
    const requestContext = { http: { method: 'POST', path: rawPath } }
    const shapes = [
      { ...dressed, version: 'v1', rawPath, requestContext },
      { ...dressed, rawPath },
      { ...dressed, requestContext },
    ]
    for (const event of shapes) {
      for (const made of [serverFunction(probe()), timerFunction(probe(), { every: '5m' })]) {
        const answer = (await withHost({}, async () =>
          made.handler(Buffer.from(JSON.stringify(event)), {}),
        )) as {
          statusCode?: number
          body?: string
        }
        t.equal(answer.statusCode, 403)
        t.match(answer.body, 'FORBIDDEN')
      }
    }
  },
)

t.test('a rank that the language knows and uniCloud does not is none', async (t) => {
  const { main } = cloudFunction(probe())
  for (const SOURCE of ['constructor', '__proto__', 'toString', 'Function', 'function ']) {
    t.match(await withHost({}, () => main({}, { SOURCE })), { seen: { source: 'client' } }, SOURCE)
  }
})

t.test('Function Compute answers through the callback where one is given, and then only there', async (t) => {
  const { handler } = cloudFunction(probe())
  const answered = await withHost(
    {},
    () =>
      new Promise((resolve, reject) => {
        const returned = handler(Buffer.from('{"a":1}'), {}, (error: unknown, result: unknown) =>
          error ? reject(error) : resolve(result),
        )
        t.equal(returned, undefined)
      }),
  )
  t.match(answered, { errCode: 0, seen: { source: 'server', input: { a: 1 } } })
})

for (const [name, request] of [
  ['with the body read already', { body: Buffer.from(xml) }],
  [
    'with the body still to be read',
    {
      async *[Symbol.asyncIterator]() {
        yield Buffer.from(xml.slice(0, 5))
        yield Buffer.from(xml.slice(5))
      },
    },
  ],
] as const) {
  t.test(`Function Compute 2.0 HTTP, ${name}`, async (t) => {
    const sent: { status?: number; headers: Record<string, string>; body?: string } = { headers: {} }
    const response = {
      setStatusCode: (status: number) => {
        sent.status = status
      },
      setHeader: (key: string, value: string) => {
        sent.headers[key] = value
      },
      send: (body: string | Buffer) => {
        sent.body = body.toString()
      },
    }
    const call = {
      method: 'POST',
      path: http.path,
      headers: integrated.headers,
      queries: {},
      clientIP: '203.0.113.7',
      ...request,
    }
    await withHost({}, () => Promise.resolve(callbackFunction(callbackProbe()).handler(call, response, {})))
    t.equal(sent.status, 200)
    t.strictSame(JSON.parse(sent.body ?? ''), {
      seen: { source: 'http', input: null, client: { ip: '203.0.113.7' }, http },
    })
  })
}

t.test(
  'a body that something made an object of has lost its bytes, and is known to have had some',
  async (t) => {
    for (const body of [{ a: 1 }, {}, ['a']]) {
      const { httpCall } = fromUniCloud({ httpMethod: 'POST', headers: {}, body }, { SOURCE: 'http' })
      t.match(httpCall, { rawBody: Buffer.alloc(0), isBodyParsed: true })
      t.match((await fromFcRequest({ method: 'POST', headers: {}, body }, {}, readingTime(20))).httpCall, {
        isBodyParsed: true,
      })
    }
    for (const body of ['{}', Buffer.from('{}'), new Uint8Array([123]), undefined, null]) {
      const { httpCall } = fromUniCloud({ httpMethod: 'POST', headers: {}, body }, { SOURCE: 'http' })
      t.notOk(httpCall?.isBodyParsed)
    }
  },
)
