import t, { type Test } from 'tap'
import { type AlipayCall, callAlipay } from '../../shared/alipay/client.js'
import { encryptContent } from '../../shared/alipay/request.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import { OpenapiError } from '../../shared/errors/index.js'
import { refused } from '../support/refused.js'
import {
  answered,
  CUT,
  done,
  failed,
  keyApp,
  listen,
  merchant,
  type Params,
  pem,
  platform,
  responseKey,
  SILENCE,
  signWith,
  stranger,
  type TestDependencies,
  testDependencies,
} from './fixtures.js'

/** What counts as an answer, what as a refusal, and what leaves everything open. */

const call: AlipayCall = { method: 'alipay.trade.refund', bizContent: { out_trade_no: 'A' }, repeat: 'never' }

async function failureOf(work: Promise<unknown>): Promise<OpenapiError> {
  try {
    await work
  } catch (error) {
    if (error instanceof OpenapiError) return error
    throw error
  }
  throw new Error('expected a rejection')
}

const asked = async (t: Test, answer: Parameters<typeof listen>[1], over: Partial<AlipayCall> = {}) => {
  const gateway = await listen(t, answer)
  const around = testDependencies()
  const work = callAlipay(
    { app: keyApp({ gateway: gateway.url }), dependencies: around },
    { ...call, ...over },
  )
  return { gateway, around, failure: await failureOf(work) }
}

const value = '{"code":"10000","msg":"Success"}'
const wrap = ({ method = '' }: Params, text: string, rest = '') => `{"${responseKey(method)}":${text}${rest}}`

const open: Record<string, (params: Params) => string | { status: number; body: string } | typeof CUT> = {
  'success without a signature': (params) => wrap(params, value),
  'success with an empty signature': (params) => wrap(params, value, ',"sign":""'),
  "success with a stranger's signature": (params) => answered(params, value, stranger.privateKey),
  "success signed with the application's own key": (params) => answered(params, value, merchant.privateKey),
  'success signed with SHA-1': (params) =>
    wrap(params, value, `,"sign":"${signWith(stranger.privateKey, value, 'RSA-SHA1')}"`),
  'success, changed after signing': (params) => answered(params, value).replace('Success', 'success'),
  'a signature that is no base64': (params) => wrap(params, value, ',"sign":"***"'),
  'a signature that is no text': (params) => wrap(params, value, ',"sign":{"a":1}'),
  "another method's answer": () => answered({ method: 'alipay.trade.query' }, value),
  'two answers': (params) => `{"error_response":{"code":"20000"},${answered(params, value).slice(1)}`,
  'the same answer twice': (params) =>
    `{${wrap(params, value).slice(1, -1)},${answered(params, value).slice(1)}`,
  HTML: () => '<html>502</html>',
  'HTTP 502': (params) => ({ status: 502, body: done(params) }),
  nothing: () => '',
  'a value that is no object': (params) => answered(params, '[1]'),
  'a value that is no JSON': (params) => answered(params, '{"code":"10000"x}'),
  'a cut connection': () => CUT,
}

for (const [name, answer] of Object.entries(open)) {
  t.test(`whether Alipay acted is open: ${name}`, async (t) => {
    const { failure, around } = await asked(t, answer)
    t.equal(failure.outcome, 'unknown')
    t.equal(around.calls.length, 1)
    t.match(around.calls[0], { api: 'alipay.trade.refund', code: failure.errCode })
  })
}

t.test('whether Alipay acted is open: silence', async (t) => {
  const gateway = await listen(t, () => SILENCE)
  const around = testDependencies()
  around.left = 500
  const failure = await failureOf(
    callAlipay({ app: keyApp({ gateway: gateway.url }), dependencies: around }, call),
  )
  t.match(failure, { errCode: 'UPSTREAM_TIMEOUT', outcome: 'unknown', advice: 'retry' })
})

t.test('refusals of the gateway', async (t) => {
  const gatewayError = (fields: object) => JSON.stringify({ error_response: fields })
  const unsigned = {
    code: '40002',
    msg: 'Invalid Arguments',
    sub_code: 'isv.invalid-signature',
    sub_msg: '验签出错',
  }
  const believed = await asked(t, (params) => failed(params, 'ACQ.TRADE_NOT_EXIST'))
  t.match(believed.failure, { errCode: 'ACQ.TRADE_NOT_EXIST', outcome: 'failed', status: 502 })
  t.match(believed.failure.errMsg, /no such order.*交易不存在.*Alipay said: 原因/)
  const doubted = await asked(t, (params) =>
    wrap(params, JSON.stringify({ ...unsigned, sub_code: 'ACQ.TRADE_NOT_EXIST' })),
  )
  t.match(doubted.failure, { errCode: 'ACQ.TRADE_NOT_EXIST', outcome: 'unknown' }, 'a forger could say so')
  const gateway = await asked(t, () => gatewayError(unsigned))
  t.match(gateway.failure, {
    errCode: 'isv.invalid-signature',
    advice: 'fix the settings',
    outcome: 'unknown',
  })
  t.match(gateway.failure.errMsg, /Alipay said, unsigned/)
  const value = JSON.stringify(unsigned)
  const signedError = `{"error_response":${value},"sign":"${signWith(platform.privateKey, value)}"}`
  t.match((await asked(t, () => signedError)).failure, {
    errCode: 'isv.invalid-signature',
    outcome: 'failed',
  })
})

t.test('what Alipay itself does not know stays unknown, signed or not', async (t) => {
  const codes = [
    ['ACQ.SYSTEM_ERROR', '40004', 'ACQ.SYSTEM_ERROR'],
    ['AOP.ACQ.SYSTEM_ERROR', '40004', 'ACQ.SYSTEM_ERROR'],
    ['aop.unknow-error', '20000', 'aop.unknow-error'],
    ['isp.unknow-error', '20000', 'isp.unknow-error'],
    ['something.new', '20000', 'something.new'],
    ['', '20000', '20000'],
    ['', '10003', '10003'],
  ] as const
  for (const [subCode, code, errCode] of codes) {
    const { failure } = await asked(t, (params) => failed(params, subCode, code))
    t.match(failure, { errCode, outcome: 'unknown' }, `${code} ${subCode}`)
  }
})

t.test('codes nobody has heard of are passed on', async (t) => {
  const { failure } = await asked(t, (params) => failed(params, 'ACQ.NEW_ONE'))
  t.match(failure, { errCode: 'ACQ.NEW_ONE', outcome: 'failed', advice: 'fix the request' })
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const odd = await asked(t, (params) => failed(params, name, name))
    t.match(odd.failure, { errCode: name, outcome: 'failed' })
    t.type(odd.failure.advice, 'string')
  }
})

t.test('a success without a code is none, except where a method has none', async (t) => {
  const { failure } = await asked(t, (params) => answered(params, { access_token: 'x' }))
  t.equal(failure.outcome, 'failed')
  const gateway = await listen(t, (params) => answered(params, { access_token: 'x' }))
  const app = keyApp({ gateway: gateway.url })
  const { fields } = await callAlipay({ app, dependencies: testDependencies() }, { ...call, codeless: true })
  t.equal(fields.access_token, 'x')
  const error = '{"msg":"no code"}'
  for (const [sign, outcome] of [
    ['', 'unknown'],
    [signWith(platform.privateKey, error), 'failed'],
  ]) {
    gateway.answer = () => `{"error_response":${error},"sign":"${sign}"}`
    t.equal(
      (await failureOf(callAlipay({ app, dependencies: testDependencies() }, { ...call, codeless: true })))
        .outcome,
      outcome,
    )
  }
})

t.test('a page in the place of an answer is told in its words', async (t) => {
  const { failure } = await asked(t, () => ({ status: 502, body: '<html><h1>502 Bad Gateway</h1></html>' }))
  t.match(failure.errMsg, /Alipay answered with HTTP 502;.*it said: 502 Bad Gateway$/)
  t.notMatch(failure.clientMsg, /Bad Gateway/)
})

t.test(
  "what Alipay says stays whole for the merchant's server, but for the tokens that it repeats",
  async (t) => {
    const advice = '验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：'
    const subMsg = (token: string) =>
      `${advice}app_id=2021&amp;auth_token=${token}&amp;biz_content={"x":"${'长'.repeat(600)}"}&charset=utf-8`
    const { failure } = await asked(t, (params) =>
      answered(params, { code: '40002', sub_code: 'isv.invalid-signature', sub_msg: subMsg('secret-token') }),
    )
    t.ok(failure.errMsg.endsWith(`Alipay said: ${subMsg('***')}`), failure.errMsg)
    t.match(failure.clientMsg, /Alipay said: 验签出错$/, 'a client sees none of the request')
    const bare = { code: '40004', msg: 'Business Failed', sub_code: 'ACQ.NEW', sub_msg: '' }
    t.match(
      (await asked(t, (params) => answered(params, bare))).failure.errMsg,
      /Alipay said: Business Failed$/,
    )
  },
)

t.test('the trace id goes along, for the support of Alipay', async (t) => {
  const { failure } = await asked(t, (params) => ({
    body: failed(params, 'ACQ.TRADE_NOT_EXIST'),
    headers: { trace_id: '0a1b2c' },
  }))
  t.equal(failure.rid, '0a1b2c')
})

t.test('repeats: only where it is safe, only what may pass, only in time', async (t) => {
  const gateway = await listen(t, (params) => failed(params, 'aop.unknow-error', '20000'))
  const app = keyApp({ gateway: gateway.url })
  const times = async (over: Partial<AlipayCall>, around: TestDependencies = testDependencies()) => {
    gateway.received.length = 0
    await callAlipay({ app, dependencies: around }, { ...call, ...over }).catch(() => undefined)
    return gateway.received.length
  }
  t.equal(await times({}), 1)
  t.equal(await times({ repeat: 'safe' }), 3)
  const hurried = testDependencies()
  let asked = 0
  hurried.timeLeft = () => (asked++ === 0 ? 5000 : 250)
  t.equal(await times({ repeat: 'safe' }, hurried), 1)
  gateway.answer = (params) => failed(params, 'ACQ.TRADE_STATUS_ERROR')
  t.equal(await times({ repeat: 'safe' }), 1, 'a refusal is a refusal')
  gateway.answer = (params) => wrap(params, value)
  t.equal(await times({ repeat: 'safe' }), 1, 'what cannot be proved now cannot be proved then')
  gateway.answer = (params) => (gateway.received.length < 2 ? CUT : done(params))
  t.equal(await times({ repeat: 'safe' }), 2, 'the second time it worked')
})

t.test('each repeat is signed anew and says the same', async (t) => {
  const gateway = await listen(t, (params) => (gateway.received.length < 3 ? CUT : done(params)))
  await callAlipay(
    { app: keyApp({ gateway: gateway.url }), dependencies: testDependencies() },
    { ...call, repeat: 'safe' },
  )
  t.equal(new Set(gateway.received.map(({ biz_content }) => biz_content)).size, 1)
})

t.test('an application without keys', async (t) => {
  const bare = (over: Partial<AlipayApp>) => keyApp({ gateway: 'http://127.0.0.1:9/g', ...over })
  t.equal(
    await refused(
      callAlipay({ app: bare({ publicKey: undefined }), dependencies: testDependencies() }, call),
    ),
    'MISSING_SETTING',
  )
  t.equal(
    await refused(
      callAlipay({ app: bare({ privateKey: undefined }), dependencies: testDependencies() }, call),
    ),
    'MISSING_SETTING',
  )
  t.equal(
    await refused(
      callAlipay({ app: bare({ privateKey: 'nonsense' }), dependencies: testDependencies() }, call),
    ),
    'INVALID_SETTING',
  )
  const gateway = await listen(t, (params) => done(params, { user_id: '2088' }))
  const app = bare({ publicKey: undefined, gateway: gateway.url })
  const { fields } = await callAlipay(
    { app, dependencies: testDependencies() },
    { ...call, unverified: 'allowed' },
  )
  t.equal(fields.user_id, '2088', 'logging in works with the private key alone')
  const wrongKey = bare({ publicKey: pem(merchant.publicKey), gateway: gateway.url })
  const failure = await failureOf(
    callAlipay({ app: wrongKey, dependencies: testDependencies() }, { ...call, unverified: 'allowed' }),
  )
  t.equal(failure.errCode, 'UNVERIFIED_ANSWER', 'but where there is a key it counts')
  t.match(failure.errMsg, /application's own public key\? compare it with the one in the console/)
  t.equal(failure.advice, 'fix the settings')
})

t.test('no error shows a key', async (t) => {
  const { failure } = await asked(t, () => '<html>')
  t.notMatch(JSON.stringify([failure.errMsg, failure]), /PRIVATE|MII/)
})

t.test('what is sent', async (t) => {
  const gateway = await listen(t, (params) => done(params))
  const app = keyApp({ gateway: gateway.url })
  const bizContent = { subject: '测试 50% & "q"', extend_params: { hb_fq_num: '3', camelCase: '1' } }
  const params = { scope: 'x', app_id: 'not this one' }
  await callAlipay(
    { app, dependencies: testDependencies() },
    { ...call, bizContent, params, authToken: 'u', appAuthToken: 'a' },
  )
  t.match(gateway.received[0], {
    app_id: app.appId,
    format: 'JSON',
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
    timestamp: '2050-01-01 08:00:00',
    auth_token: 'u',
    app_auth_token: 'a',
    scope: 'x',
    biz_content: JSON.stringify(bizContent),
  })
})

t.test('encrypted answers: signed with their quotes or without, and nothing else', async (t) => {
  const app = keyApp()
  const value = JSON.stringify(encryptContent(app, '{"code":"10000","mobile":"138"}'))
  const gateway = await listen(t, () => '')
  const ask = (text: string) => {
    gateway.answer = (params) => wrap(params, value, `,"sign":"${signWith(platform.privateKey, text)}"`)
    return callAlipay({ app: { ...app, gateway: gateway.url }, dependencies: testDependencies() }, call)
  }
  t.equal((await ask(value)).fields.mobile, '138', 'with')
  t.equal((await ask(JSON.parse(value) as string)).fields.mobile, '138', 'without')
  t.equal(await refused(ask(`${value} `)), 'UNVERIFIED_ANSWER')
  const keyless = { ...app, gateway: gateway.url, aesKey: undefined }
  t.equal(
    await refused(callAlipay({ app: keyless, dependencies: testDependencies() }, call)),
    'UNVERIFIED_ANSWER',
  )
  await ask(value)
  t.equal(
    await refused(callAlipay({ app: keyless, dependencies: testDependencies() }, call)),
    'MISSING_SETTING',
  )
  const otherKey = { ...app, gateway: gateway.url, aesKey: Buffer.alloc(16).toString('base64') }
  t.equal(
    await refused(callAlipay({ app: otherKey, dependencies: testDependencies() }, call)),
    'UPSTREAM_INVALID',
  )
})
