import fc from 'fast-check'
import t from 'tap'
import { fen, MAX_FEN } from '../../../shared/money.js'
import type { RefundRequest } from '../../../shared/payment/provider.js'
import { merchantFiles } from '../../../tools/emulator/platforms/certificates/index.js'
import { APP_ID, MCH_ID, OPEN_APP_ID } from '../house.js'
import { type Message, sign, signed, signedXml, xml } from './message.js'
import { envelope, failureOf, openPlatform } from './platform.js'

const { cert, key: certKey } = merchantFiles(MCH_ID)

const request: RefundRequest = Object.freeze({
  outTradeNo: 'T20500101',
  outRefundNo: 'R1',
  totalFee: fen(1999),
  refundFee: fen(500),
  currency: 'CNY',
  refundDesc: '茶 & <cold>',
  notifyUrl: 'https://shop.example.com/pay/verifyRefundNotify/weixin-v2/1900000109',
})

const accepted = (changes: Message = {}): Message =>
  envelope({
    transaction_id: '4200001234205001011234567890',
    out_trade_no: 'T20500101',
    out_refund_no: 'R1',
    refund_id: '50000',
    refund_fee: '500',
    total_fee: '1999',
    cash_fee: '999',
    cash_refund_fee: '250',
    coupon_refund_fee: '250',
    coupon_refund_count: '2',
    coupon_type_0: 'CASH',
    coupon_refund_id_0: 'c0',
    coupon_refund_fee_0: '150',
    coupon_type_1: 'NO_CASH',
    coupon_refund_id_1: 'c1',
    coupon_refund_fee_1: '100',
    ...changes,
  })

t.test('a refund: what is asked, and what is made of the answer', async (t) => {
  for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
    const platform = await openPlatform(t, { signType, cert, certKey })
    platform.reply = { status: 200, body: signedXml(accepted(), signType) }
    const facts = await platform.provider.refund?.(request)
    t.strictSame(platform.paths, ['/secapi/pay/refund'])
    const sent = Object.fromEntries(platform.received[0] ?? [])
    const { nonce_str: _nonce, sign: signature, sign_type, ...fields } = sent
    t.strictSame(fields, {
      ...{ appid: APP_ID, mch_id: MCH_ID, out_trade_no: 'T20500101', out_refund_no: 'R1' },
      ...{ total_fee: '1999', refund_fee: '500', refund_fee_type: 'CNY' },
      ...{ refund_desc: '茶 & <cold>', notify_url: request.notifyUrl },
    })
    t.equal(sign_type, signType === 'MD5' ? undefined : signType)
    t.equal(signature, sign(sent, signType))
    t.strictSame(facts, {
      ...{
        state: 'PROCESSING',
        refundStatus: 'PROCESSING',
        outTradeNo: 'T20500101',
        transactionId: '4200001234205001011234567890',
      },
      ...{ outRefundNo: 'R1', refundId: '50000', totalFee: 1999, refundFee: 500, cashRefundFee: 250 },
      ...{ couponRefundFee: 250, couponRefundCount: 2 },
      couponList: [
        { couponRefundId: 'c0', couponType: 'CASH', couponRefundFee: 150 },
        { couponRefundId: 'c1', couponType: 'NO_CASH', couponRefundFee: 100 },
      ],
    })
  }
})

t.test("by WeChat's own number, and under the app the order was made in", async (t) => {
  const platform = await openPlatform(t, { cert, certKey })
  platform.reply = { status: 200, body: signedXml(accepted({ appid: OPEN_APP_ID })) }
  await platform.provider.refund?.({
    ...request,
    transactionId: '4200001234205001011234567890',
    appId: OPEN_APP_ID,
  })
  t.match(Object.fromEntries(platform.received[0] ?? []), {
    appid: OPEN_APP_ID,
    transaction_id: '4200001234205001011234567890',
  })
  t.notOk(platform.received[0]?.has('out_trade_no'))
})

t.test('whatever is not an authentic word leaves the outcome open', async (t) => {
  const platform = await openPlatform(t, { cert, certKey })
  const unknown: [string, string, number?][] = [
    ['an unsigned refusal', xml({ return_code: 'FAIL', return_msg: '签名错误' })],
    ['an unsigned acceptance', xml(accepted())],
    ['wrongly signed', xml(signed(accepted(), 'MD5', '0'.repeat(32)))],
    ['about another refund', signedXml(accepted({ out_refund_no: 'R2' }))],
    ['about another amount', signedXml(accepted({ refund_fee: '501' }))],
    ['about another order', signedXml(accepted({ out_trade_no: 'T2' }))],
    ['without an amount', signedXml(accepted({ refund_fee: undefined }))],
    ['with an amount that is none', signedXml(accepted({ refund_fee: '5.00' }))],
    ['WeChat itself does not know', signedXml(envelope({ result_code: 'FAIL', err_code: 'SYSTEMERROR' }))],
    ['the page of a web server', '<html><body>400 No required SSL certificate was sent</body></html>', 400],
    ['the page of a gateway', '<html><body>502</body></html>', 502],
    ['nothing', ''],
  ]
  for (const [name, body, status = 200] of unknown) {
    platform.reply = { status, body }
    const failure = await failureOf(platform.provider.refund?.(request) ?? Promise.resolve())
    t.match(failure, { outcome: 'unknown' }, name)
    if (status === 400) t.match(failure, { advice: 'fix the settings', errMsg: /client certificate/ })
  }
  platform.reply = 'cut'
  t.match(await failureOf(platform.provider.refund?.(request) ?? Promise.resolve()), { outcome: 'unknown' })
})

t.test('a signed refusal is one', async (t) => {
  const platform = await openPlatform(t, { cert, certKey })
  const advice = { NOTENOUGH: 'wait', BIZERR_NEED_RETRY: 'retry', FREQUENCY_LIMITED: 'wait' }
  for (const [err_code, wanted] of Object.entries(advice)) {
    platform.reply = { status: 200, body: signedXml(envelope({ result_code: 'FAIL', err_code })) }
    const failure = await failureOf(platform.provider.refund?.(request) ?? Promise.resolve())
    t.match(failure, { errCode: err_code, outcome: 'failed', advice: wanted })
  }
  platform.reply = {
    status: 200,
    body: signedXml(envelope({ result_code: 'FAIL', err_code: 'constructor' })),
  }
  const odd = await failureOf(platform.provider.refund?.(request) ?? Promise.resolve())
  t.match(odd, { errCode: 'constructor', errMsg: /^WeChat Pay said: / })
})

t.test('any amount there is, to the fen', async (t) => {
  const platform = await openPlatform(t, { cert, certKey })
  const amounts = fc.tuple(fc.integer({ min: 1, max: MAX_FEN }), fc.integer({ min: 1, max: MAX_FEN }))
  await fc.assert(
    fc.asyncProperty(amounts, async ([one, other]) => {
      const [refundFee, totalFee] = one < other ? [one, other] : [other, one]
      const fees = { refund_fee: String(refundFee), total_fee: String(totalFee) }
      platform.reply = { status: 200, body: signedXml(accepted(fees)) }
      const given = Object.freeze({ ...request, refundFee: fen(refundFee), totalFee: fen(totalFee) })
      const facts = await platform.provider.refund?.(given)
      t.match(Object.fromEntries(platform.received.at(-1) ?? []), fees)
      t.match(facts, { refundFee, totalFee })
    }),
    { numRuns: 40, examples: [[[1, MAX_FEN]], [[35, 57]], [[1999, 2010]], [[MAX_FEN, MAX_FEN]]] },
  )
})

/** The nth refund of an answer, `coupons` of them with money back. */
const listed = (n: number, coupons: number, changes: Message = {}): Message => ({
  [`out_refund_no_${n}`]: `R${n}`,
  [`refund_id_${n}`]: `5000${n}`,
  [`refund_channel_${n}`]: 'ORIGINAL',
  [`refund_fee_${n}`]: String(100 + n),
  [`settlement_refund_fee_${n}`]: String(90 + n),
  [`refund_status_${n}`]: 'SUCCESS',
  [`refund_account_${n}`]: 'REFUND_SOURCE_UNSETTLED_FUNDS',
  [`refund_recv_accout_${n}`]: '招商银行信用卡0403',
  [`refund_success_time_${n}`]: '2050-01-01 08:00:00',
  [`coupon_refund_fee_${n}`]: String(coupons),
  [`coupon_refund_count_${n}`]: String(coupons),
  ...Object.assign(
    {},
    ...Array.from({ length: coupons }, (_, m) => ({
      [`coupon_type_${n}_${m}`]: 'CASH',
      [`coupon_refund_id_${n}_${m}`]: `c${n}.${m}`,
      [`coupon_refund_fee_${n}_${m}`]: String(1 + m),
    })),
  ),
  ...changes,
})

const queried = (refunds: Message[], changes: Message = {}): Message =>
  envelope({
    ...{
      transaction_id: '4200001234205001011234567890',
      out_trade_no: 'T20500101',
      total_fee: '1999',
      cash_fee: '999',
    },
    refund_count: String(refunds.length),
    ...Object.assign({}, ...refunds),
    ...changes,
  })

t.test('a query tells every refund of an order with its own coupons', async (t) => {
  const platform = await openPlatform(t)
  platform.reply = {
    status: 200,
    body: signedXml(queried(Array.from({ length: 12 }, (_, n) => listed(n, n === 1 || n === 11 ? 12 : 0)))),
  }
  const answer = await platform.provider.refundQuery?.({ outTradeNo: 'T20500101' })
  t.strictSame(platform.paths, ['/pay/refundquery'])
  t.match(answer, { outTradeNo: 'T20500101', transactionId: '4200001234205001011234567890', totalFee: 1999 })
  t.strictSame(
    answer?.refunds.map(({ outRefundNo, refundFee }) => [outRefundNo, refundFee]),
    Array.from({ length: 12 }, (_, n) => [`R${n}`, 100 + n]),
  )
  const [, one] = answer?.refunds ?? []
  const eleven = answer?.refunds[11]
  t.strictSame(one?.couponList?.[11], { couponRefundId: 'c1.11', couponType: 'CASH', couponRefundFee: 12 })
  t.strictSame(eleven?.couponList?.[1], { couponRefundId: 'c11.1', couponType: 'CASH', couponRefundFee: 2 })
  t.match(one, {
    ...{ state: 'SUCCEEDED', refundStatus: 'SUCCESS', refundId: '50001', refundChannel: 'ORIGINAL' },
    ...{ settlementRefundFee: 91, couponRefundFee: 12, couponRefundCount: 12 },
    ...{ refundRecvAccout: '招商银行信用卡0403', successTime: '2050-01-01 08:00:00' },
    ...{ outTradeNo: 'T20500101', transactionId: '4200001234205001011234567890', totalFee: 1999 },
  })
  t.equal(answer?.raw.toString(), platform.reply.body)
})

t.test('by the most precise number, and from an offset on', async (t) => {
  const platform = await openPlatform(t)
  const sent = async (query: object) => {
    platform.reply = { status: 200, body: signedXml(queried([listed(0, 0)], { total_refund_count: '11' })) }
    const answer = await platform.provider.refundQuery?.(query)
    const { appid, mch_id, nonce_str, sign, ...fields } = Object.fromEntries(platform.received.at(-1) ?? [])
    return { fields, total: answer?.totalRefundCount }
  }
  const all = {
    refundId: '50000',
    outRefundNo: 'R0',
    transactionId: '4200001234205001011234567890',
    outTradeNo: 'T20500101',
  }
  t.strictSame((await sent(all)).fields, { refund_id: '50000' })
  t.strictSame((await sent({ ...all, refundId: undefined })).fields, { out_refund_no: 'R0' })
  const { transactionId, outTradeNo } = all
  t.strictSame((await sent({ transactionId, outTradeNo })).fields, {
    transaction_id: '4200001234205001011234567890',
  })
  t.strictSame(await sent({ outTradeNo, offset: 10 }), {
    fields: { out_trade_no: 'T20500101', offset: '10' },
    total: 11,
  })
  const nothing = await failureOf(platform.provider.refundQuery?.({}) ?? Promise.resolve())
  t.match(nothing, { errCode: 'INVALID_PARAM', errMsg: /^outRefundNo: / })
})

t.test('what a refund can be, in both words', async (t) => {
  const platform = await openPlatform(t)
  const states = { SUCCESS: 'SUCCEEDED', PROCESSING: 'PROCESSING', REFUNDCLOSE: 'CLOSED', CHANGE: 'ABNORMAL' }
  for (const [refundStatus, state] of Object.entries(states)) {
    platform.reply = {
      status: 200,
      body: signedXml(queried([listed(0, 0, { refund_status_0: refundStatus })])),
    }
    const answer = await platform.provider.refundQuery?.({ outRefundNo: 'R0' })
    t.match(answer?.refunds, [{ state, refundStatus }])
  }
})

t.test('an answer that is not to the question is none', async (t) => {
  const platform = await openPlatform(t)
  const wrong: [string, Message, object?][] = [
    ['another refund', queried([listed(1, 0)].map((each) => renumbered(each)))],
    ['another order', queried([listed(0, 0)], { out_trade_no: 'T2' }), { outTradeNo: 'T20500101' }],
    ['a count without its refunds', queried([listed(0, 0)], { refund_count: '2' })],
    ['no count', queried([listed(0, 0)], { refund_count: undefined })],
    ['a count that is none', queried([listed(0, 0)], { refund_count: '1e9' })],
    ['more than there can be', queried([listed(0, 0)], { refund_count: '1000000' })],
    ['a state of no one', queried([listed(0, 0, { refund_status_0: 'FINE' })])],
    ['a state named as a method', queried([listed(0, 0, { refund_status_0: 'constructor' })])],
    ['an amount that is none', queried([listed(0, 0, { refund_fee_0: '1.00' })])],
    ['no amount', queried([listed(0, 0, { refund_fee_0: undefined })])],
  ]
  for (const [name, message, query = { outRefundNo: 'R0' }] of wrong) {
    platform.reply = { status: 200, body: signedXml(message) }
    const failure = await failureOf(platform.provider.refundQuery?.(query) ?? Promise.resolve())
    t.match(failure, { errCode: 'UNVERIFIED_ANSWER', outcome: 'unknown' }, name)
  }
})

const renumbered = (message: Message): Message =>
  Object.fromEntries(Object.entries(message).map(([name, value]) => [name.replace(/_1$/, '_0'), value]))

t.test('a refund WeChat does not know, said under signature', async (t) => {
  const platform = await openPlatform(t)
  for (const err_code of ['REFUNDNOTEXIST', 'ORDERNOTEXIST']) {
    platform.reply = { status: 200, body: signedXml(envelope({ result_code: 'FAIL', err_code })) }
    t.equal(await platform.provider.refundQuery?.({ outRefundNo: 'R0' }), undefined)
    platform.reply = { status: 200, body: xml(envelope({ result_code: 'FAIL', err_code })) }
    t.match(await failureOf(platform.provider.refundQuery?.({ outRefundNo: 'R0' }) ?? Promise.resolve()), {
      errCode: 'UNVERIFIED_ANSWER',
    })
  }
})

t.test('closing: by our number alone, and twice is once', async (t) => {
  const platform = await openPlatform(t)
  const closed = { appId: APP_ID, mchId: MCH_ID, outTradeNo: 'T20500101' }
  platform.reply = { status: 200, body: signedXml(envelope({ result_msg: 'OK' })) }
  t.strictSame(await platform.provider.closeOrder?.({ outTradeNo: 'T20500101' }), closed)
  t.strictSame(platform.paths, ['/pay/closeorder'])
  platform.reply = {
    status: 200,
    body: signedXml(envelope({ result_code: 'FAIL', err_code: 'ORDERCLOSED' })),
  }
  t.strictSame(await platform.provider.closeOrder?.({ outTradeNo: 'T20500101' }), closed)
  platform.reply = { status: 200, body: signedXml(envelope({ result_code: 'FAIL', err_code: 'ORDERPAID' })) }
  const paid = await failureOf(
    platform.provider.closeOrder?.({ outTradeNo: 'T20500101' }) ?? Promise.resolve(),
  )
  t.match(paid, { errCode: 'ORDER_PAID', outcome: 'failed' }, 'one thing has one code')
  t.match(platform.upstream.at(-1), { code: 'ORDERPAID' }, "the log keeps WeChat's own")
  t.match(
    await failureOf(
      platform.provider.closeOrder?.({ transactionId: '4200001234205001011234567890' }) ?? Promise.resolve(),
    ),
    {
      errCode: 'INVALID_PARAM',
      errMsg: /^outTradeNo: /,
    },
  )
  t.notOk(platform.provider.cancelOrder, 'nothing is cancelled at WeChat Pay')
})

t.test('codes to scan and web pages', async (t) => {
  const platform = await openPlatform(t)
  const order = {
    ...{ appId: APP_ID, outTradeNo: 'T20500101', totalFee: fen(1), currency: 'CNY', body: 'tea' },
    ...{ notifyUrl: 'https://shop.example.com/pay/v', payerIp: '203.0.113.7' },
  }
  platform.reply = {
    status: 200,
    body: signedXml(envelope({ prepay_id: 'p', code_url: 'weixin://wxpay/x' })),
  }
  const code = await platform.provider.getOrderInfo({ ...order, scene: 'native' })
  t.strictSame(code, { codeUrl: 'weixin://wxpay/x' })
  t.match(Object.fromEntries(platform.received[0] ?? []), { trade_type: 'NATIVE', product_id: 'T20500101' })
  platform.reply = {
    status: 200,
    body: signedXml(envelope({ prepay_id: 'p', mweb_url: 'https://wx.tenpay.com/x' })),
  }
  const page = await platform.provider.getOrderInfo({ ...order, scene: 'h5' })
  t.strictSame(page, { mwebUrl: 'https://wx.tenpay.com/x' })
  const sent = Object.fromEntries(platform.received[1] ?? [])
  t.match(sent, { trade_type: 'MWEB', spbill_create_ip: '203.0.113.7' })
  t.strictSame(JSON.parse(sent.scene_info ?? ''), {
    h5_info: { type: 'Wap', wap_url: 'https://shop.example.com', wap_name: 'shop.example.com' },
  })
  t.notOk('openid' in sent)
})
