import t from 'tap'
import { ECHO, openLocalCloud, plain } from './localCloud.js'

/** Functions behind a URL, as each cloud hands them the request. */

const answering = (main: string) => ({ code: `exports.main = ${main}; exports.handler = async () => 0` })

interface Echoed {
  event: Record<string, unknown>
  context: Record<string, unknown>
}

t.test('uniCloud: the longest configured path wins, and the function sees what comes after it', async (t) => {
  const { cloud } = await openLocalCloud(t, {
    short: { ...ECHO, config: { path: '/pay' } },
    long: { ...ECHO, config: { path: '/pay/notify' } },
  })
  const seen = async (path: string) => {
    const { event, context } = JSON.parse((await plain(`${cloud.url}/http${path}`)).text) as Echoed
    return [context.FUNCTION_NAME, event.path]
  }
  t.strictSame(await seen('/pay'), ['short', '/'])
  t.strictSame(await seen('/pay/weixin/1900?a=1'), ['short', '/weixin/1900'])
  t.strictSame(await seen('/pay/notify/'), ['long', '/'])
  t.strictSame(await seen('/pay/notify/%E8%8C%B6'), ['long', '/茶'])
  t.strictSame(await seen('/pay/notifyme'), ['short', '/notifyme'])
  t.equal((await plain(`${cloud.url}/http/payment`)).status, 404)
  t.equal((await plain(`${cloud.url}/http/pay/%`)).status, 400)
})

t.test('uniCloud: the integrated request, text as text, XML and bytes as base64', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const post = async (body: string | Buffer, type: string) => {
    const headers = { 'content-type': type, 'X-Mixed-Case': 'kept' }
    const answer = await plain(`${cloud.url}/http/echo?a=1&b=%20`, { method: 'POST', headers, body })
    return JSON.parse(answer.text) as Echoed
  }
  const { event, context } = await post('{"a":"茶"}', 'application/json')
  t.match(event, {
    ...{ path: '/', httpMethod: 'POST', body: '{"a":"茶"}', isBase64Encoded: false },
    headers: { 'content-type': 'application/json', 'x-mixed-case': 'kept' },
    queryStringParameters: { a: '1', b: ' ' },
  })
  t.match(context, { SOURCE: 'http', CLIENTIP: '127.0.0.1' })
  t.notOk('PLATFORM' in context, 'a URL call has no client fields')
  const xml = '<xml><a>1</a></xml>'
  t.match((await post(xml, 'text/xml')).event, {
    body: Buffer.from(xml).toString('base64'),
    isBase64Encoded: true,
  })
  const bytes = Buffer.from([0xff, 0x00])
  t.match((await post(bytes, 'application/octet-stream')).event, { body: '/wA=', isBase64Encoded: true })
  const got = JSON.parse((await plain(`${cloud.url}/http/echo`)).text) as Echoed
  t.notOk('body' in got.event || 'queryStringParameters' in got.event)
})

t.test('uniCloud: only a result that says so is taken for an HTTP response', async (t) => {
  const response = (more: string) =>
    `({ ${more} statusCode: 201, headers: { 'Content-Type': 'text/xml', 'Content-Length': '1' }, body: 'PGE+', isBase64Encoded: true })`
  const { cloud } = await openLocalCloud(t, {
    composed: answering(`async () => ${response('mpserverlessComposedResponse: true,')}`),
    alike: answering(`async () => ${response('')}`),
    text: answering("async () => 'hello'"),
    number: answering('async () => 7'),
    nothing: answering('async () => undefined'),
    unsendable: answering("async () => ({ mpserverlessComposedResponse: true, headers: { 'a b': '1' } })"),
    bodiless: answering('async () => ({ mpserverlessComposedResponse: true, body: {} })'),
    throws: answering("async () => { throw new Error('no') }"),
  })
  const get = (name: string) => plain(`${cloud.url}/http/${name}`)
  t.match(await get('composed'), { status: 201, headers: { 'content-type': 'text/xml' }, text: '<a>' })
  t.match(await get('alike'), {
    status: 200,
    headers: { 'content-type': /^application\/json/ },
    text: /PGE\+/,
  })
  t.match(await get('text'), { status: 200, headers: { 'content-type': /^text\/plain/ }, text: 'hello' })
  t.match(await get('number'), { status: 200, headers: { 'content-type': /^text\/plain/ }, text: '7' })
  t.match(await get('nothing'), { status: 200, text: '' })
  t.match(await get('unsendable'), { status: 502, text: /BadResponse/ })
  t.match(await get('bodiless'), { status: 400, text: /InvalidComposedResponseBody/ })
  t.match(await get('throws'), { status: 500, text: /FunctionBizError/ })
  const large = { method: 'POST', body: Buffer.alloc(2 * 1024 * 1024 + 1) }
  t.match(await plain(`${cloud.url}/http/text`, large), {
    status: 400,
    text: /RequestContentLength.Exceeded/,
  })
})

t.test('Function Compute 2.0: request and response objects, body there and as a stream', async (t) => {
  const code = `
    exports.main = async () => 0
    exports.handler = (req, resp, context) => {
      const chunks = []
      req.on('data', (chunk) => chunks.push(chunk))
      req.on('end', () => {
        const { method, path, queries, headers, clientIP } = req
        resp.setStatusCode(202)
        resp.setHeader('X-Seen', 'yes')
        resp.setHeader('x-gone', 'yes')
        resp.deleteHeader('X-Gone')
        const streamed = Buffer.concat(chunks).toString()
        const about = { method, path, queries, headers, clientIP, streamed, body: req.body.toString() }
        resp.send(JSON.stringify({ ...about, requestId: context.requestId }))
      })
    }`
  const { cloud } = await openLocalCloud(t, {
    shows: { code, config: { path: '/notify' } },
    streams: {
      code: "exports.main = async () => 0; exports.handler = (req, resp) => resp.send(require('stream').Readable.from(['a', 'b']))",
    },
    throws: { code: "exports.main = async () => 0; exports.handler = async () => { throw new Error('no') }" },
  })
  const headers = { 'content-type': 'text/xml', 'x-fc-secret': 'cut', 'x-other': 'kept' }
  const answer = await plain(`${cloud.url}/fc2/notify/a?x=1&x=2&y=3`, {
    method: 'PUT',
    headers,
    body: '<a/>',
  })
  t.match(answer, { status: 202, headers: { 'x-seen': 'yes' } })
  t.notOk('x-gone' in answer.headers)
  const seen = JSON.parse(answer.text) as { headers: Record<string, string>; requestId: string }
  t.match(seen, {
    ...{ method: 'PUT', path: '/notify/a', queries: { x: ['1', '2'], y: '3' }, clientIP: '127.0.0.1' },
    ...{ streamed: '<a/>', body: '<a/>', requestId: answer.headers['x-fc-request-id'] },
    headers: { 'content-type': 'text/xml', 'x-other': 'kept' },
  })
  t.notOk('x-fc-secret' in seen.headers)
  t.match(await plain(`${cloud.url}/fc2/streams`), { status: 200, text: 'ab' })
  t.match(await plain(`${cloud.url}/fc2/throws`), {
    status: 502,
    headers: { 'x-fc-error-type': 'UnhandledInvocationError' },
  })
  t.equal((await plain(`${cloud.url}/fc2/nobody`)).status, 404)
})

t.test('Function Compute 3.0: one JSON event, an answer by its statusCode', async (t) => {
  const code = `
    exports.main = async () => 0
    exports.handler = async (event) => {
      const call = JSON.parse(event)
      if (call.rawPath === '/fc/plain') return call
      return { statusCode: 201, headers: { 'X-Seen': 'yes' }, isBase64Encoded: true, body: 'YWI=' }
    }`
  const { cloud } = await openLocalCloud(t, { fc: { code } })
  const options = { method: 'POST', body: Buffer.from([0xff]) }
  const { status, text } = await plain(`${cloud.url}/fc3/fc/plain?a=1&a=2`, options)
  t.equal(status, 200)
  t.match(JSON.parse(text), {
    ...{ version: 'v1', rawPath: '/fc/plain', body: '/w==', isBase64Encoded: true },
    queryParameters: { a: '1,2' },
    requestContext: { http: { method: 'POST', path: '/fc/plain', sourceIp: '127.0.0.1' } },
  })
  const encoded = await plain(`${cloud.url}/fc3/fc/%E8%8C%B6`)
  t.match(encoded, { status: 201, headers: { 'x-seen': 'yes' }, text: 'ab' })
})
