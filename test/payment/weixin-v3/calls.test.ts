import { isIPv4 } from 'node:net'
import t, { type Test } from 'tap'
import { Formatter, Rsa } from 'wechatpay-axios-plugin'
import { rememberedCertificates } from '../../../shared/certificates/source.js'
import type { Http } from '../../../shared/http/http.js'
import { fen } from '../../../shared/money.js'
import type { OrderRequest, PaymentProvider, RefundRequest } from '../../../shared/payment/provider.js'
import { weixinV3 } from '../../../shared/payment/weixin-v3/index.js'
import { transaction } from './messages.js'
import {
  APP_ID,
  type Asked,
  failure,
  json,
  MCH_ID,
  merchantAt,
  merchantKeys,
  OPEN_APP_ID,
  openPlatform,
  type Platform,
  PUBLIC_KEY_ID,
  type Reply,
  type TestDependencies,
  testClock,
  testDependencies,
} from './platform.js'

interface Scene {
  platform: Platform
  dependencies: TestDependencies
  provider: PaymentProvider
}

async function scene(t: Test, answer?: (asked: Asked) => Reply | 'hang up'): Promise<Scene> {
  const dependencies = testDependencies()
  const platform = await openPlatform(t, dependencies.clock)
  if (answer) platform.answer = answer
  return {
    platform,
    dependencies,
    provider: weixinV3(merchantAt(platform.baseUrl), dependencies, rememberedCertificates()),
  }
}

const order: OrderRequest = {
  scene: 'mini',
  appId: APP_ID,
  outTradeNo: 'order20260131',
  totalFee: fen(1999),
  currency: 'CNY',
  body: '一杯咖啡 "大"',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  notifyUrl: 'https://shop.example.com/pay/verifyPaymentNotify/weixin-v3/1900007291',
  payerIp: '203.0.113.7',
}

const refundRequest: RefundRequest = {
  outTradeNo: 'order20260131',
  outRefundNo: 'refund1',
  totalFee: fen(1999),
  refundFee: fen(500),
  currency: 'CNY',
}

const refundAnswer = {
  refund_id: '50000000382019052709732678859',
  out_refund_no: 'refund1',
  transaction_id: '4200000985202601310000000001',
  out_trade_no: 'order20260131',
  channel: 'ORIGINAL',
  user_received_account: '招商银行信用卡0403',
  create_time: '2026-01-31T12:00:00+08:00',
  status: 'PROCESSING',
  funds_account: 'AVAILABLE',
  amount: {
    total: 1999,
    refund: 500,
    payer_total: 1499,
    payer_refund: 400,
    settlement_refund: 500,
    settlement_total: 1999,
    currency: 'CNY',
  },
}

const verifies = (text: string, signature: string | undefined) =>
  Rsa.verify(text, signature ?? '', Buffer.from(merchantKeys.publicPem))

t.test('an order of a mini program: one signed request, parameters the phone accepts', async (t) => {
  const { platform, provider } = await scene(t, () =>
    json(200, { prepay_id: 'wx201410272009395522657a690389285100' }),
  )
  const given = structuredClone(order)
  const info = (await provider.getOrderInfo({
    ...order,
    attach: 'a=1',
    expiresAt: Date.UTC(2026, 0, 31, 5),
  })) as Record<string, string>
  t.strictSame(order, given, "the caller's object is as it was")
  const [asked] = platform.asked
  t.match(asked, { method: 'POST', target: '/v3/pay/transactions/jsapi' })
  t.match(asked?.headers, {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': 'unicloud-openapi',
    'wechatpay-serial': PUBLIC_KEY_ID,
  })
  t.strictSame(JSON.parse(asked?.body ?? ''), {
    appid: APP_ID,
    mchid: MCH_ID,
    description: '一杯咖啡 "大"',
    out_trade_no: 'order20260131',
    time_expire: '2026-01-31T13:00:00+08:00',
    attach: 'a=1',
    notify_url: order.notifyUrl,
    amount: { total: 1999, currency: 'CNY' },
    payer: { openid: order.openid },
  })
  t.match(info, { appId: APP_ID, signType: 'RSA', package: 'prepay_id=wx201410272009395522657a690389285100' })
  const text = Formatter.joinedByLineFeed(
    APP_ID,
    info.timeStamp ?? '',
    info.nonceStr ?? '',
    info.package ?? '',
  )
  t.ok(verifies(text, info.paySign))
})

t.test('an order of an app: the bare prepay id is signed', async (t) => {
  const { platform, provider } = await scene(t, () => json(200, { prepay_id: 'wx1' }))
  const info = (await provider.getOrderInfo({ ...order, scene: 'app', appId: OPEN_APP_ID })) as Record<
    string,
    string
  >
  t.equal(platform.asked[0]?.target, '/v3/pay/transactions/app')
  t.notOk(platform.asked[0]?.body.includes('openid'))
  t.match(info, { appid: OPEN_APP_ID, partnerid: MCH_ID, prepayid: 'wx1', package: 'Sign=WXPay' })
  t.ok(
    verifies(
      Formatter.joinedByLineFeed(OPEN_APP_ID, info.timestamp ?? '', info.noncestr ?? '', 'wx1'),
      info.sign,
    ),
  )
})

t.test('orders to scan and of web pages', async (t) => {
  const { platform, provider } = await scene(t, ({ target }) =>
    json(
      200,
      target.endsWith('native') ? { code_url: 'weixin://wxpay/1' } : { h5_url: 'https://wx.tenpay.com/1' },
    ),
  )
  t.strictSame(await provider.getOrderInfo({ ...order, scene: 'native' }), { codeUrl: 'weixin://wxpay/1' })
  t.strictSame(await provider.getOrderInfo({ ...order, scene: 'h5' }), { mwebUrl: 'https://wx.tenpay.com/1' })
  const { scene_info: about } = JSON.parse(platform.asked[1]?.body ?? '')
  t.strictSame(about, { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } })
  t.ok(isIPv4(about.payer_client_ip))
})

t.test('which app pays', async (t) => {
  const { provider } = await scene(t)
  t.equal(provider.appIdFor('mini'), APP_ID)
  t.equal(provider.appIdFor('mini', OPEN_APP_ID), APP_ID, 'a wish of another kind does not count')
  t.equal(provider.appIdFor('app'), OPEN_APP_ID)
  t.equal(provider.appIdFor('h5', OPEN_APP_ID), OPEN_APP_ID)
  t.equal(provider.appIdFor(), APP_ID)
  const merchant = { ...merchantAt('http://127.0.0.1:1'), apps: [] }
  t.throws(() => weixinV3(merchant, testDependencies(), rememberedCertificates()).appIdFor('app'), {
    errCode: 'MISSING_SETTING',
    message: /WEIXIN_OPEN_APP_ID/,
  })
  t.throws(() => weixinV3({ ...merchant, v3: undefined }, testDependencies(), rememberedCertificates()), {
    message: /WEIXIN_PAY_V3_KEY, WEIXIN_PAY_SERIAL_NO and WEIXIN_PAY_PRIVATE_KEY/,
  })
})

t.test('a mini program needs to know who pays', async (t) => {
  const { platform, provider } = await scene(t)
  const { openid: _openid, ...nobody } = order
  t.match(await failure(provider.getOrderInfo(nobody)), {
    errCode: 'INVALID_PARAM',
    errMsg: /^openid: required/,
  })
  t.equal(platform.asked.length, 0)
})

t.test('an order is asked for by either number, the path encoded and signed as sent', async (t) => {
  const odd = "a|b*c-d_e'f"
  const { platform, provider } = await scene(t, () => json(200, { ...transaction, out_trade_no: odd }))
  const byOurs = await provider.orderQuery({ outTradeNo: odd })
  t.match(byOurs?.facts, { outTradeNo: odd, tradeState: 'SUCCESS', totalFee: 1999, cashFee: 1499 })
  t.equal(JSON.parse(String(byOurs?.raw)).out_trade_no, odd, 'with the bytes that say so')
  await provider.orderQuery({ outTradeNo: 'ignored', transactionId: String(transaction.transaction_id) })
  t.strictSame(
    platform.asked.map(({ method, target }) => `${method} ${target}`),
    [
      `GET /v3/pay/transactions/out-trade-no/a%7Cb%2Ac-d_e%27f?mchid=${MCH_ID}`,
      `GET /v3/pay/transactions/id/${transaction.transaction_id}?mchid=${MCH_ID}`,
    ],
  )
  t.equal(platform.asked[0]?.headers['content-type'], undefined, 'nothing is sent, so nothing is described')
})

t.test('orders that are not paid, not known, or others', async (t) => {
  const { platform, provider } = await scene(t)
  const unpaid = {
    appid: APP_ID,
    mchid: MCH_ID,
    out_trade_no: 'order20260131',
    trade_state: 'NOTPAY',
    trade_state_desc: '未支付',
  }
  platform.answer = () => json(200, unpaid)
  t.strictSame((await provider.orderQuery({ outTradeNo: 'order20260131' }))?.facts, {
    appId: APP_ID,
    mchId: MCH_ID,
    outTradeNo: 'order20260131',
    tradeState: 'NOTPAY',
    tradeStateDesc: '未支付',
    feeType: 'CNY',
  })
  for (const code of ['ORDER_NOT_EXIST', 'ORDERNOTEXIST']) {
    platform.answer = () => json(404, { code, message: '订单不存在' })
    t.equal(await provider.orderQuery({ outTradeNo: 'order20260131' }), undefined)
  }
  for (const change of [
    { out_trade_no: 'other' },
    { mchid: '1' },
    { trade_state: 'SUCCESS' },
    { trade_state: 'NEWS' },
  ]) {
    platform.answer = () => json(200, { ...unpaid, ...change })
    t.match(await failure(provider.orderQuery({ outTradeNo: 'order20260131' })), {
      errCode: 'UNVERIFIED_ANSWER',
      outcome: 'unknown',
    })
  }
  t.match(await failure(provider.orderQuery({})), { errCode: 'INVALID_PARAM', errMsg: /^outTradeNo/ })
})

t.test('closing answers 204 without a body, and closing the closed is no failure', async (t) => {
  const { platform, provider } = await scene(t, () => ({ status: 204, body: '' }))
  t.strictSame(await provider.closeOrder?.({ outTradeNo: 'a*1' }), { mchId: MCH_ID, outTradeNo: 'a*1' })
  t.match(platform.asked[0], {
    method: 'POST',
    target: '/v3/pay/transactions/out-trade-no/a%2A1/close',
    body: `{"mchid":"${MCH_ID}"}`,
  })
  platform.answer = () => json(400, { code: 'ORDERCLOSED', message: '订单已关闭' })
  t.strictSame(await provider.closeOrder?.({ outTradeNo: 'a*1' }), { mchId: MCH_ID, outTradeNo: 'a*1' })
  platform.answer = () => json(400, { code: 'ORDERPAID', message: '订单已支付' })
  t.match(await failure(provider.closeOrder?.({ outTradeNo: 'a*1' })), {
    errCode: 'ORDER_PAID',
    outcome: 'failed',
  })
})

t.test('a refund, and asking for it', async (t) => {
  const { platform, provider } = await scene(t, () => json(200, refundAnswer))
  const facts = await provider.refund?.({
    ...refundRequest,
    refundDesc: '不想要了',
    notifyUrl: 'https://shop.example.com/r',
  })
  t.strictSame(facts, {
    state: 'PROCESSING',
    refundStatus: 'PROCESSING',
    outTradeNo: 'order20260131',
    transactionId: '4200000985202601310000000001',
    outRefundNo: 'refund1',
    refundId: '50000000382019052709732678859',
    totalFee: 1999,
    refundFee: 500,
    settlementTotalFee: 1999,
    settlementRefundFee: 500,
    cashRefundFee: 400,
    refundAccount: 'AVAILABLE',
    refundRecvAccout: '招商银行信用卡0403',
    refundChannel: 'ORIGINAL',
  })
  t.strictSame(JSON.parse(platform.asked[0]?.body ?? ''), {
    out_trade_no: 'order20260131',
    out_refund_no: 'refund1',
    reason: '不想要了',
    notify_url: 'https://shop.example.com/r',
    amount: { refund: 500, total: 1999, currency: 'CNY' },
  })
  platform.answer = () =>
    json(200, { ...refundAnswer, status: 'SUCCESS', success_time: '2026-01-31T12:00:09+08:00' })
  const asked = await provider.refundQuery?.({ outRefundNo: 'refund1' })
  t.equal(platform.asked[1]?.target, '/v3/refund/domestic/refunds/refund1')
  t.match(asked, {
    outTradeNo: 'order20260131',
    totalFee: 1999,
    refunds: [{ state: 'SUCCEEDED', successTime: '2026-01-31 12:00:09' }],
  })
  platform.answer = () => json(404, { code: 'RESOURCE_NOT_EXISTS', message: '退款单不存在' })
  t.equal(await provider.refundQuery?.({ outRefundNo: 'refund1' }), undefined)
  t.match(await failure(provider.refundQuery?.({ outTradeNo: 'order20260131' })), {
    errCode: 'INVALID_PARAM',
    errMsg: /^outRefundNo/,
  })
})

t.test("a refund by WeChat Pay's number; an answer about another refund or amount", async (t) => {
  const { platform, provider } = await scene(t, () => json(200, refundAnswer))
  await provider.refund?.({ ...refundRequest, transactionId: '42000' })
  t.match(JSON.parse(platform.asked[0]?.body ?? ''), { transaction_id: '42000' })
  t.notOk(platform.asked[0]?.body.includes('out_trade_no'))
  for (const change of [{ out_refund_no: 'other' }, { amount: { refund: 501 } }, { status: 'NEWS' }]) {
    platform.answer = () => json(200, { ...refundAnswer, ...change })
    t.match(await failure(provider.refund?.(refundRequest)), { outcome: 'unknown' })
  }
  t.equal(platform.asked.length, 4, 'none of them was sent again')
})

t.test(
  "all that a refusal says reaches the merchant's server, a client is told the field alone",
  async (t) => {
    const nested = { issue: 'sign not match' }
    const detail = {
      location: 'body',
      value: { total: 1 },
      field: '/amount',
      issue: '金额有误',
      detail: nested,
    }
    const { platform, provider } = await scene(t, () =>
      json(400, { code: 'PARAM_ERROR', message: '参数错误', detail, hint: 'see the console' }),
    )
    const told =
      'WeChat Pay said: 参数错误 (/amount, location: body, value: {"total":1}, issue: 金额有误, ' +
      'detail: {"issue":"sign not match"}) (hint: see the console)'
    const error = await failure(provider.refund?.(refundRequest))
    t.equal(error.errMsg, `a parameter is wrong (参数错误); ${told}`)
    t.equal(error.clientMsg, 'a parameter is wrong (参数错误); WeChat Pay said: 参数错误 (/amount)')
    for (const [body, words] of [
      [{ code: 'NEW', detail: 'all of it' }, '(all of it)'],
      [{ code: 'NEW', message: '说明', detail: ['a', 'b'] }, '说明 (["a","b"])'],
      [{ code: 'NEW', message: '说明', detail: null }, '说明'],
      [{ code: 'NEW', message: 7 }, 'HTTP 400'],
    ] as const) {
      platform.answer = () => json(400, body)
      t.equal((await failure(provider.refund?.(refundRequest))).errMsg, `WeChat Pay said: ${words}`)
    }
    platform.answer = () => ({ status: 400, body: '<p>网关繁忙</p>' })
    t.equal((await failure(provider.refund?.(refundRequest))).errMsg, 'WeChat Pay said: <p>网关繁忙</p>')
  },
)

t.test('errors: by code first, one spelling, with the request id', async (t) => {
  const rows: [
    status: number,
    code: string,
    errCode: string,
    advice: string,
    outcome: string,
    tries: number,
  ][] = [
    [400, 'PARAM_ERROR', 'PARAM_ERROR', 'fix the request', 'failed', 1],
    [403, 'NOTENOUGH', 'NOT_ENOUGH', 'wait', 'failed', 1],
    [403, 'NOT_ENOUGH', 'NOT_ENOUGH', 'wait', 'failed', 1],
    [429, 'RATELIMIT_EXCEEDED', 'FREQUENCY_LIMITED', 'wait', 'failed', 1],
    [500, 'SYSTEMERROR', 'SYSTEM_ERROR', 'retry', 'unknown', 3],
    [500, 'BANK_ERROR', 'BANK_ERROR', 'retry', 'unknown', 3],
    [500, 'OPENID_MISMATCH', 'OPENID_MISMATCH', 'fix the request', 'failed', 1],
    [500, 'INVALID_TRANSACTIONID', 'INVALID_TRANSACTIONID', 'fix the request', 'failed', 1],
    [500, 'BRAND_NEW', 'BRAND_NEW', 'retry', 'unknown', 1],
    [400, 'BRAND_NEW', 'BRAND_NEW', 'fix the request', 'failed', 1],
    [202, 'USERPAYING', 'USERPAYING', 'wait', 'failed', 1],
    [403, 'constructor', 'constructor', 'fix the request', 'failed', 1],
  ]
  for (const [status, code, errCode, advice, outcome, tries] of rows) {
    const { platform, provider } = await scene(t, () =>
      json(status, { code, message: '说明', detail: { field: '/amount/refund', issue: 'x' } }),
    )
    const error = await failure(provider.refund?.(refundRequest))
    t.match(
      error,
      { errCode, advice, outcome, rid: '08F78BB5AF0610D302', errMsg: /说明 \(\/amount\/refund, issue: x\)$/ },
      `${status} ${code}`,
    )
    t.equal(platform.asked.length, tries, `${code} is sent ${tries} times`)
    t.equal(new Set(platform.asked.map(({ body }) => body)).size, 1, 'the same bytes each time')
    t.equal(new Set(platform.asked.map(({ headers }) => headers.authorization)).size, tries, 'signed anew')
  }
})

t.test("gateway errors are nobody's word: queries come again, refunds do not", async (t) => {
  const { platform, provider } = await scene(t, () => ({
    status: 502,
    body: '<html>bad gateway</html>',
    signed: false,
  }))
  t.match(await failure(provider.refund?.(refundRequest)), {
    errCode: 'UNVERIFIED_ANSWER',
    outcome: 'unknown',
    errMsg: /HTTP 502/,
  })
  t.equal(platform.asked.length, 1)
  t.match(await failure(provider.refundQuery?.({ outRefundNo: 'refund1' })), {
    outcome: 'unknown',
  })
  t.equal(platform.asked.length, 4)
})

t.test('what passes is not told to the caller: a busy answer, then a good one', async (t) => {
  let busy = 2
  const { dependencies, provider } = await scene(t, () =>
    busy-- > 0 ? json(500, { code: 'SYSTEM_ERROR', message: '系统错误' }) : json(200, transaction),
  )
  t.equal((await provider.orderQuery({ outTradeNo: 'order20260131' }))?.facts.tradeState, 'SUCCESS')
  t.strictSame(
    dependencies.calls.map(({ api, code }) => `${api} ${code}`),
    [
      '/v3/pay/transactions/out-trade-no/order20260131 SYSTEM_ERROR',
      '/v3/pay/transactions/out-trade-no/order20260131 SYSTEM_ERROR',
      '/v3/pay/transactions/out-trade-no/order20260131 0',
    ],
  )
  const [first = 0, second = 0] = dependencies.clock.slept
  t.ok(
    first >= 200 && first < 460 && second >= 400 && second < 660,
    'each pause is twice as long, with jitter',
  )
})

/** The real host names, led to this machine: the first to a closed port or a cut line, the second to the platform. */
function twoDomains(platform: Platform, main: string): Http {
  const real = testDependencies().http
  const hosts: Record<string, string> = {
    'https://api.mch.weixin.qq.com': main,
    'https://api2.mch.weixin.qq.com': platform.baseUrl,
  }
  return {
    request(request) {
      const origin = new URL(request.url).origin
      return real.request({
        ...request,
        url: request.url.replace(origin, hosts[origin] ?? 'http://127.0.0.1:1'),
      })
    },
  }
}

t.test('the second domain, when the first cannot be reached', async (t) => {
  const clock = testClock()
  const platform = await openPlatform(t, clock)
  const cut = await openPlatform(t, clock)
  cut.answer = () => 'hang up'
  platform.answer = ({ target }) =>
    json(200, target.startsWith('/v3/refund') ? refundAnswer : { ...transaction, prepay_id: 'wx1' })
  const providerBehind = (main: string) => {
    const dependencies = { ...testDependencies(clock), http: twoDomains(platform, main) }
    return {
      dependencies,
      provider: weixinV3(merchantAt('https://api.mch.weixin.qq.com'), dependencies, rememberedCertificates()),
    }
  }

  const closed = providerBehind('http://127.0.0.1:1')
  t.equal(
    (await closed.provider.refund?.(refundRequest))?.state,
    'PROCESSING',
    'nothing had left: even a refund may go on',
  )
  t.strictSame(
    closed.dependencies.calls.map(({ api, code }) => `${api} ${code}`),
    ['/v3/refund/domestic/refunds UPSTREAM_UNREACHABLE', 'api2 /v3/refund/domestic/refunds 0'],
  )

  const broken = providerBehind(cut.baseUrl)
  t.equal((await broken.provider.orderQuery({ outTradeNo: 'order20260131' }))?.facts.tradeState, 'SUCCESS')
  t.match(await broken.provider.getOrderInfo(order), { package: 'prepay_id=wx1' })
  const before = platform.asked.length
  t.match(await failure(broken.provider.refund?.(refundRequest)), {
    errCode: 'UPSTREAM_UNREACHABLE',
    outcome: 'unknown',
  })
  t.equal(platform.asked.length, before, 'a refund that may have arrived is not sent to the other domain')
})

t.test('the authority that is set vouches for every connection', async (t) => {
  const { platform, dependencies } = await scene(t, () => json(200, transaction))
  const authorities: (string | undefined)[] = []
  const http: Http = {
    request({ ca, ...request }) {
      authorities.push(ca)
      return dependencies.http.request(request)
    },
  }
  const merchant = { ...merchantAt(platform.baseUrl), ca: 'the text of ca.pem' }
  await weixinV3(merchant, { ...dependencies, http }, rememberedCertificates()).orderQuery({
    outTradeNo: 'order20260131',
  })
  t.strictSame(authorities, ['the text of ca.pem'])
})

t.test('no attempt is begun that cannot finish', async (t) => {
  const { platform, dependencies, provider } = await scene(t, () =>
    json(500, { code: 'SYSTEM_ERROR', message: '系统错误' }),
  )
  dependencies.timeLeft = () => 1100
  t.match(await failure(provider.orderQuery({ outTradeNo: 'order20260131' })), { errCode: 'SYSTEM_ERROR' })
  t.equal(platform.asked.length, 1)
})

t.test('a private key that is none is a setting, and is not shown', async (t) => {
  const merchant = merchantAt('http://127.0.0.1:1')
  const v3 = merchant.v3 && {
    ...merchant.v3,
    privateKey: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----',
  }
  const provider = weixinV3({ ...merchant, v3 }, testDependencies(), rememberedCertificates())
  const error = await failure(provider.orderQuery({ outTradeNo: 'order20260131' }))
  t.match(error, { errCode: 'INVALID_SETTING', errMsg: /^WEIXIN_PAY_PRIVATE_KEY/ })
  t.notOk(`${error.errMsg}${String(error.cause)}`.includes('c2VjcmV0'))
})

t.test('what of a refund goes back to coupons, in the words of V2', async (t) => {
  const coupon = (promotion_id: string, type: string, refund_amount: number) => ({
    ...{ promotion_id, scope: 'GLOBAL', type, amount: 100, refund_amount },
  })
  const promotion_detail = [coupon('1', 'COUPON', 60), coupon('2', 'DISCOUNT', 40), coupon('3', 'NEW', 0)]
  const told = {
    ...{ couponRefundFee: 100, couponRefundCount: 3 },
    couponList: [
      { couponRefundId: '1', couponType: 'CASH', couponRefundFee: 60 },
      { couponRefundId: '2', couponType: 'NO_CASH', couponRefundFee: 40 },
      { couponRefundId: '3', couponType: 'NEW', couponRefundFee: 0 },
    ],
  }
  const { amount } = refundAnswer
  for (const [answer, expected] of [
    [{ promotion_detail, amount: { ...amount, discount_refund: 100 } }, told],
    [{ promotion_detail }, told],
    [
      { promotion_detail: [], amount: { ...amount, discount_refund: 0 } },
      { couponRefundFee: 0, couponRefundCount: 0 },
    ],
    [{}, { couponRefundFee: undefined, couponRefundCount: undefined, couponList: undefined }],
  ] as const) {
    const { provider } = await scene(t, () => json(200, { ...refundAnswer, ...answer }))
    t.match(await provider.refund?.(refundRequest), expected)
    t.match((await provider.refundQuery?.({ outRefundNo: 'refund1' }))?.refunds, [expected])
  }
})
