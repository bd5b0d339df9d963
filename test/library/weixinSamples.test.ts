import t from 'tap'
import type { Weixin } from '../../shared/library/index.js'
import { functionName } from '../../shared/operation/index.js'
import { APP_ID, NOW } from '../weixin/deployment.js'
import { exampleOf } from '../weixin/examples.js'
import { failureOf, freshLibrary, inHost, stillHost } from './built.js'
import { expect, type Fields, OPENID, recorder, SECRET } from './recorded.js'

/**
 * What the documents of `@dcloudio/unicloud-server-plugin`, `mp-cloud-openapi` and `wx-server-sdk` show, every method
 * under its own name: called as they call it, it answers the fields that they promise.
 */

inHost(t, stillHost(NOW))

const token = 'a token of the caller'

/** Makes the call while WeChat answers as the function's first example, or another one, says. */
function sample(name: string, call: (openapi: Weixin) => Promise<object>, promised: Fields, which = 0): void {
  t.test(name, async (t) => {
    const { more = [], ...first } = exampleOf(functionName(name))
    const kase = [first, ...more][which] ?? first
    expect(kase)
    const openapi = freshLibrary().initWeixin({
      appId: APP_ID,
      secret: SECRET,
      endpoints: { weixinApi: recorder.url },
    })
    const answer = await call(openapi)
    t.match(answer, { errCode: 0, errMsg: /:ok$/, ...promised })
    t.equal(recorder.requests.length, kase.upstream.length)
  })
}

const cohort = [{ key: Number, value: Number }]
const visits = {
  list: [
    {
      refDate: String,
      sessionCnt: Number,
      visitPv: Number,
      visitUv: Number,
      visitUvNew: Number,
      stayTimeSession: Number,
      visitDepth: Number,
    },
  ],
}
const day = { accessToken: token, beginDate: '20260130', endDate: '20260130' }
const week = { accessToken: token, beginDate: '20260119', endDate: '20260125' }
const month = { accessToken: token, beginDate: '20251201', endDate: '20251231' }

sample('auth.getAccessToken', ({ auth }) => auth.getAccessToken(), {
  accessToken: String,
  expiresIn: Number,
})

sample(
  'auth.getPaidUnionId',
  ({ auth }) =>
    auth.getPaidUnionId({
      accessToken: token,
      openid: OPENID,
      transactionId: '4200000004202601310000000001',
    }),
  { unionid: String, errMsg: 'openapi.auth.getPaidUnionId:ok' },
)

sample(
  'auth.getPaidUnionId',
  ({ auth }) =>
    // wx-server-sdk's sample lists every parameter and leaves those empty that it does not use.
    auth.getPaidUnionId({ openid: OPENID, transactionId: '', mchId: '1900000109', outTradeNo: 'T20260131' }),
  { unionid: String },
  1,
)

sample('analysis.getDailyRetain', ({ analysis }) => analysis.getDailyRetain(day), {
  refDate: String,
  visitUvNew: cohort,
  visitUv: cohort,
})
sample('analysis.getMonthlyRetain', ({ analysis }) => analysis.getMonthlyRetain(month), {
  refDate: String,
  visitUvNew: cohort,
  visitUv: cohort,
})
sample('analysis.getWeeklyRetain', ({ analysis }) => analysis.getWeeklyRetain(week), {
  refDate: String,
  visitUvNew: cohort,
  visitUv: cohort,
})
sample('analysis.getDailySummary', ({ analysis }) => analysis.getDailySummary(day), {
  list: [{ refDate: String, visitTotal: Number, sharePv: Number, shareUv: Number }],
})
sample('analysis.getDailyVisitTrend', ({ analysis }) => analysis.getDailyVisitTrend(day), visits)
sample('analysis.getMonthlyVisitTrend', ({ analysis }) => analysis.getMonthlyVisitTrend(month), visits)
sample('analysis.getWeeklyVisitTrend', ({ analysis }) => analysis.getWeeklyVisitTrend(week), visits)
sample(
  'analysis.getUserPortrait',
  ({ analysis }) =>
    analysis.getUserPortrait({ accessToken: token, beginDate: '20260124', endDate: '20260130' }),
  {
    refDate: String,
    visitUvNew: {
      province: Array,
      city: Array,
      genders: Array,
      platforms: Array,
      devices: Array,
      ages: Array,
    },
    visitUv: Object,
  },
)
sample('analysis.getVisitDistribution', ({ analysis }) => analysis.getVisitDistribution(day), {
  refDate: String,
  list: [{ index: String, itemList: [{ key: Number, value: Number }] }],
})
sample('analysis.getVisitPage', ({ analysis }) => analysis.getVisitPage(day), {
  list: [
    {
      pagePath: String,
      pageVisitPv: Number,
      pageVisitUv: Number,
      pageStaytimePv: Number,
      entrypagePv: Number,
      exitpagePv: Number,
      pageSharePv: Number,
      pageShareUv: Number,
    },
  ],
})

const file = { contentType: 'image/png', value: Buffer.from('iVBORw0KGgo=', 'base64') }
const picture = { contentType: /^image\//, buffer: Buffer }

sample(
  'customerServiceMessage.getTempMedia',
  ({ customerServiceMessage }) =>
    customerServiceMessage.getTempMedia({ accessToken: token, mediaId: 'media-1' }),
  picture,
)
sample(
  'customerServiceMessage.send',
  ({ customerServiceMessage }) =>
    customerServiceMessage.send({
      accessToken: token,
      touser: OPENID,
      msgtype: 'text',
      text: { content: '您好' },
    }),
  {},
)
sample(
  'customerServiceMessage.setTyping',
  ({ customerServiceMessage }) =>
    customerServiceMessage.setTyping({ accessToken: token, touser: OPENID, command: 'Typing' }),
  {},
)
sample(
  'customerServiceMessage.uploadTempMedia',
  ({ customerServiceMessage }) =>
    customerServiceMessage.uploadTempMedia({ accessToken: token, type: 'image', media: file }),
  { type: 'image', mediaId: String, createdAt: Number },
)

sample(
  'wxacode.createQRCode',
  ({ wxacode }) => wxacode.createQRCode({ path: 'page/index/index', width: 430 }),
  picture,
)
sample('wxacode.get', ({ wxacode }) => wxacode.get({ path: 'page/index/index', width: 430 }), picture)
sample(
  'wxacode.getUnlimited',
  ({ wxacode }) => wxacode.getUnlimited({ scene: 'id=1', page: 'page/index/index', width: 430 }),
  picture,
)

t.test('slips of the documents: path for page, code2Session for getPaidUnionId', async (t) => {
  const [exchange] = exampleOf('wxacodeGetUnlimited').upstream
  expect({ upstream: exchange ? [exchange] : [] })
  const openapi = freshLibrary().initWeixin({
    appId: APP_ID,
    secret: SECRET,
    accessToken: token,
    endpoints: { weixinApi: recorder.url },
  })
  const path = 'page/index/index'
  const code = await openapi.wxacode.getUnlimited({ scene: 'a=1', path, width: 430 } as never)
  t.match(code, { errCode: 0, ...picture })
  t.same(JSON.parse(recorder.requests[0]?.bytes.toString() ?? ''), { scene: 'a=1', page: path, width: 430 })
  expect({ upstream: [] })
  const { wxacode, auth } = openapi
  for (const [failing, errMsg] of [
    [wxacode.getUnlimited({ path, width: 430 } as never), /^scene: required/],
    [wxacode.getUnlimited({ scene: 'a=1', path: '/x', width: 430 } as never), /^page: expected a page path/],
    [wxacode.getUnlimited({ scene: 'a=1', path, page: path } as never), /^path: unknown parameter/],
    [
      auth.code2Session({ openid: OPENID, transactionId: '4200' } as never),
      /^code: .*auth\.getPaidUnionId is meant/,
    ],
    [
      auth.code2Session({ openid: OPENID, mchId: '1', outTradeNo: 'T' } as never),
      /auth\.getPaidUnionId is meant/,
    ],
    [auth.code2Session({} as never), /^code: required, expected the code from wx\.login/],
  ] as const) {
    t.match(await failureOf(failing), { errCode: 'INVALID_PARAM', errMsg })
  }
  t.equal(recorder.requests.length, 0)
})

sample('img.aiCrop', ({ img }) => img.aiCrop({ img: file }), {
  results: [{ cropLeft: Number, cropTop: Number, cropRight: Number, cropBottom: Number }],
  imgSize: { w: Number, h: Number },
})
sample('img.scanQRCode', ({ img }) => img.scanQRCode({ img: file }), {
  codeResults: [{ typeName: String, data: String }],
  imgSize: { w: Number, h: Number },
})
sample('img.superresolution', ({ img }) => img.superresolution({ img: file }), { mediaId: String })

t.test('the caller may use a token of its own, for all calls or for one', async (t) => {
  expect({ upstream: [...exampleOf('imgScanQRCode').upstream, ...exampleOf('imgScanQRCode').upstream] })
  const options = { appId: APP_ID, endpoints: { weixinApi: recorder.url } }
  const openapi = freshLibrary().initWeixin({ ...options, accessToken: token })
  await openapi.img.scanQRCode({ img: file })
  await openapi.img.scanQRCode({ accessToken: 'another', img: file })
  t.strictSame(
    recorder.requests.map(({ query }) => query.access_token),
    [token, 'another'],
  )
})

t.test('a failure is an error that says what WeChat said', async (t) => {
  const reply = { contentType: 'application/json', body: { errcode: 40007, errmsg: 'invalid media_id' } }
  const [exchange] = exampleOf('customerServiceMessageGetTempMedia').upstream
  expect({ upstream: exchange ? [{ ...exchange, reply }] : [] })
  const { customerServiceMessage } = freshLibrary().initWeixin({
    appId: APP_ID,
    accessToken: token,
    endpoints: { weixinApi: recorder.url },
  })
  const failure = await failureOf(customerServiceMessage.getTempMedia({ mediaId: 'gone' }))
  t.type(failure, Error)
  t.match(failure, { errCode: 40007, errMsg: /invalid media_id/, advice: 'fix the request' })
})
