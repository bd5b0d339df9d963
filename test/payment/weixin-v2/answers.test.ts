import t from 'tap'
import { fen } from '../../../shared/money.js'
import type { OrderRequest } from '../../../shared/payment/provider.js'
import { errCodes } from '../../../shared/payment/weixin-v2/failure.js'
import { APP_ID, MCH_ID, OPEN_APP_ID } from '../house.js'
import { type Message, sign, signed, signedXml, xml } from './message.js'
import { envelope, failureOf, openPlatform } from './platform.js'

const answered = (changes: Message = {}): Message =>
  envelope({
    out_trade_no: 'T20500101',
    trade_state: 'SUCCESS',
    transaction_id: '4200001234205001011234567890',
    total_fee: '1999',
    cash_fee: '1999',
    ...changes,
  })

t.test(
  'what is sent: signed over everything, with a fresh nonce, sign_type only where it is needed',
  async (t) => {
    for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
      const platform = await openPlatform(t, { signType })
      platform.reply = { status: 200, body: signedXml(answered(), signType) }
      await platform.provider.orderQuery({ outTradeNo: 'T20500101' })
      await platform.provider.orderQuery({ outTradeNo: 'T20500101' })
      const [one, two] = platform.received.map((fields) => Object.fromEntries(fields))
      t.match(one, { appid: APP_ID, mch_id: MCH_ID, out_trade_no: 'T20500101', nonce_str: /^[0-9a-f]{32}$/ })
      t.equal(one?.sign_type, signType === 'MD5' ? undefined : 'HMAC-SHA256')
      t.equal(one?.sign, sign(one ?? {}, signType))
      t.not(one?.nonce_str, two?.nonce_str)
      t.match(platform.upstream, [{ api: '/pay/orderquery', code: 0 }, {}])
    }
  },
)

t.test('line ends in an answer are those that were signed', async (t) => {
  const platform = await openPlatform(t)
  for (const attach of ['one\r\ntwo', 'one\rtwo', 'one\ntwo', '\r\n\u001d']) {
    platform.reply = { status: 200, body: signedXml(answered({ attach })) }
    const answer = await platform.provider.orderQuery({ outTradeNo: 'T20500101' })
    t.equal(answer?.facts.attach, attach, JSON.stringify(attach))
  }
  platform.reply = { status: 200, body: signedXml(answered({ attach: 'one\ntwo' })).replaceAll('\n', '\r\n') }
  const answer = await platform.provider.orderQuery({ outTradeNo: 'T20500101' })
  t.equal(answer?.facts.attach, 'one\ntwo', 'whatever they became on their way')
})

t.test('a signed answer is read, fields nobody knows of included', async (t) => {
  const platform = await openPlatform(t)
  const coupons = {
    ...{
      coupon_fee: '1000',
      coupon_count: '2',
      coupon_id_0: 'c0',
      coupon_type_0: 'CASH',
      coupon_fee_0: '600',
    },
    ...{ coupon_id_1: 'c1', coupon_type_1: 'NO_CASH', coupon_fee_1: '400', new_field: 'x', cash_fee: '999' },
  }
  platform.reply = { status: 200, body: signedXml(answered(coupons)) }
  const answer = await platform.provider.orderQuery({ outTradeNo: 'T20500101' })
  t.strictSame(answer?.facts, {
    ...{
      appId: APP_ID,
      mchId: MCH_ID,
      outTradeNo: 'T20500101',
      tradeState: 'SUCCESS',
      transactionId: '4200001234205001011234567890',
    },
    ...{ totalFee: 1999, feeType: 'CNY', cashFee: 999, couponFee: 1000, couponCount: 2 },
    couponList: [
      { couponId: 'c0', couponType: 'CASH', couponFee: 600 },
      { couponId: 'c1', couponType: 'NO_CASH', couponFee: 400 },
    ],
  })
  t.equal(answer?.raw.toString(), platform.reply.body)
})

t.test('what cannot be believed is an unknown outcome, whatever it says', async (t) => {
  const platform = await openPlatform(t)
  const unbelievable: [string, string, number?][] = [
    ['unsigned', xml(answered())],
    ['an empty signature', xml({ ...answered(), sign: '' })],
    ['wrongly signed', xml({ ...answered(), sign: 'F'.repeat(32) })],
    ['signed with another key', xml(signed(answered(), 'MD5', '0'.repeat(32)))],
    ['signed by the other algorithm', signedXml(answered(), 'HMAC-SHA256')],
    [
      'an unsigned failure inside an envelope',
      xml(envelope({ result_code: 'FAIL', err_code: 'ORDERNOTEXIST' })),
    ],
    ['about another merchant', signedXml(answered({ mch_id: '1900000110' }))],
    ['about another app', signedXml(answered({ appid: OPEN_APP_ID }))],
    ['about another order', signedXml(answered({ out_trade_no: 'T20500102' }))],
    ['without a return_code', signedXml(answered({ return_code: undefined }))],
    ['without a result_code', signedXml(answered({ result_code: undefined }))],
    ['a failure without a code', signedXml(answered({ result_code: 'FAIL' }))],
    ['a state of no one', signedXml(answered({ trade_state: 'FINE' }))],
    ["Alipay's state", signedXml(answered({ trade_state: 'FINISHED' }))],
    ['paid without a number', signedXml(answered({ transaction_id: undefined }))],
    ['paid without an amount', signedXml(answered({ total_fee: undefined }))],
    ['an amount that is none', signedXml(answered({ total_fee: '19.99' }))],
    ['empty', ''],
    ['HTML', '<html><body>502</body></html>', 502],
    ['JSON', '{"errcode":0}'],
    ['cut', signedXml(answered()).slice(0, 100)],
    ['endless', `<xml>${'<a>'.repeat(100_000)}`],
  ]
  for (const [name, body, status = 200] of unbelievable) {
    platform.reply = { status, body }
    const failure = await failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' }))
    t.match(failure, { errCode: 'UNVERIFIED_ANSWER', outcome: 'unknown' }, name)
  }
})

t.test('an unsigned FAIL says that it failed, and nothing more', async (t) => {
  const platform = await openPlatform(t)
  platform.reply = {
    status: 200,
    body: xml({ return_code: 'FAIL', return_msg: '签名失败', err_code: 'ORDERNOTEXIST' }),
  }
  t.match(await failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' })), {
    ...{ errCode: 'RETURN_FAIL', outcome: 'failed', advice: 'fix the settings', errMsg: /签名失败/ },
  })
})

t.test("WeChat's own words are passed on, wherever an answer has them", async (t) => {
  const platform = await openPlatform(t)
  const query = () => failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' }))
  const cases: [body: string, errCode: string, words: RegExp][] = [
    [xml({ return_code: 'FAIL', retmsg: '签名错误' }), 'RETURN_FAIL', /said: 签名错误;.*WEIXIN_PAY_KEY/],
    [xml({ return_code: 'FAIL', return_msg: '系统', retmsg: '缺少' }), 'RETURN_FAIL', /said: 系统; 缺少$/],
    [xml({ retcode: '1', retmsg: '商户号有误' }), 'UNVERIFIED_ANSWER', /it said: 商户号有误$/],
    [
      signedXml(envelope({ result_code: 'FAIL', err_code: 'NEW', retmsg: '原因' })),
      'NEW',
      /^WeChat Pay said: 原因$/,
    ],
    [signedXml(envelope({ result_code: 'FAIL', err_code_des: '原因' })), 'UNVERIFIED_ANSWER', /said: 原因$/],
    [
      xml(envelope({ result_code: 'FAIL', err_code: 'ORDERNOTEXIST', err_code_des: '没有' })),
      'UNVERIFIED_ANSWER',
      /it said: 没有$/,
    ],
  ]
  for (const [body, errCode, words] of cases) {
    platform.reply = { status: 200, body }
    t.match(await query(), { errCode, errMsg: words }, body)
  }
})

t.test('every err_code has a meaning, an advice and an outcome', async (t) => {
  const platform = await openPlatform(t)
  for (const [code, { en, zh, advice, outcome = 'failed', errCode = code }] of Object.entries(errCodes)) {
    if (code === 'ORDERNOTEXIST') continue
    const said = { result_code: 'FAIL', err_code: code, err_code_des: 'because' }
    platform.reply = { status: 200, body: signedXml(envelope(said)) }
    const failure = await failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' }))
    t.match(failure, { errCode, advice, outcome }, code)
    t.equal(failure.errMsg, `${en} (${zh}); WeChat Pay said: because`)
  }
  platform.reply = {
    status: 200,
    body: signedXml(envelope({ result_code: 'FAIL', err_code: 'NEW', err_code_des: 'x' })),
  }
  t.match(await failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' })), {
    ...{ errCode: 'NEW', errMsg: 'WeChat Pay said: x', outcome: 'failed' },
  })
})

t.test('an order WeChat does not know, said under signature', async (t) => {
  const platform = await openPlatform(t)
  platform.reply = {
    status: 200,
    body: signedXml(envelope({ result_code: 'FAIL', err_code: 'ORDERNOTEXIST' })),
  }
  t.equal(await platform.provider.orderQuery({ outTradeNo: 'T20500101' }), undefined)
})

t.test('no answer is an unknown outcome', async (t) => {
  const platform = await openPlatform(t)
  t.match(await failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' })), {
    ...{ errCode: 'UPSTREAM_UNREACHABLE', outcome: 'unknown' },
  })
  t.strictSame(
    platform.upstream.map(({ code }) => code),
    Array(3).fill('UPSTREAM_UNREACHABLE'),
    'a query comes again',
  )
  t.match(await failureOf(platform.provider.closeOrder?.({ outTradeNo: 'T20500101' })), {
    outcome: 'unknown',
  })
  t.equal(platform.upstream.length, 6, 'so does closing, which does the same twice as once')
})

t.test('a busy answer comes again; one that does not verify does not', async (t) => {
  const platform = await openPlatform(t)
  const busy = { result_code: 'FAIL', err_code: 'SYSTEMERROR' }
  platform.reply = { status: 200, body: signedXml(envelope(busy)) }
  t.match(await failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' })), {
    ...{ errCode: 'SYSTEMERROR', outcome: 'unknown' },
  })
  t.equal(platform.paths.length, 3)
  t.equal(new Set(platform.received.map((fields) => fields.get('nonce_str'))).size, 3, 'signed anew')
  platform.reply = { status: 200, body: xml(answered()) }
  t.match(await failureOf(platform.provider.orderQuery({ outTradeNo: 'T20500101' })), {
    errCode: 'UNVERIFIED_ANSWER',
  })
  t.equal(platform.paths.length, 4)
})

t.test('an order without a prepay_id is none', async (t) => {
  const platform = await openPlatform(t)
  platform.reply = { status: 200, body: signedXml(envelope()) }
  const request: OrderRequest = {
    scene: 'mini',
    appId: APP_ID,
    outTradeNo: 'T20500101',
    totalFee: fen(1),
    currency: 'CNY',
    body: 'tea',
    openid: 'oAlice',
    notifyUrl: 'https://x.example.com/',
    payerIp: '127.0.0.1',
  }
  t.match(await failureOf(platform.provider.getOrderInfo(request)), {
    errCode: 'UNVERIFIED_ANSWER',
    outcome: 'unknown',
  })
  const { openid: _openid, ...anonymous } = request
  t.match(await failureOf(platform.provider.getOrderInfo(anonymous)), {
    errCode: 'INVALID_PARAM',
    errMsg: /^openid: /,
  })
  platform.reply = { status: 200, body: signedXml(envelope({ prepay_id: 'wx1' })) }
  for (const scene of ['native', 'h5'] as const) {
    const failure = await failureOf(platform.provider.getOrderInfo({ ...request, scene }))
    t.match(failure, { errCode: 'UNVERIFIED_ANSWER' }, `${scene}: a prepay_id is not what it needs`)
  }
})

t.test('the app that fits the scene', async (t) => {
  const { provider } = await openPlatform(t)
  t.equal(provider.appIdFor(), APP_ID)
  t.equal(provider.appIdFor('mini'), APP_ID)
  t.equal(provider.appIdFor('app'), OPEN_APP_ID)
  t.equal(provider.appIdFor('app', APP_ID), OPEN_APP_ID, 'a wish that does not fit')
  t.equal(provider.appIdFor(undefined, OPEN_APP_ID), OPEN_APP_ID)
  t.equal(provider.appIdFor('native'), APP_ID)
  t.equal(provider.appIdFor('h5', OPEN_APP_ID), OPEN_APP_ID)
})
