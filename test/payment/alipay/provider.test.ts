import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { AlipayApp } from '../../../shared/config/alipayApp.js'
import { OpenapiError } from '../../../shared/errors/index.js'
import { fen, MAX_FEN } from '../../../shared/money.js'
import { alipay } from '../../../shared/payment/alipay/index.js'
import type { OrderRequest, RefundRequest } from '../../../shared/payment/provider.js'
import { zip } from '../../../tools/emulator/platforms/alipay/bills/zip.js'
import {
  type Answerer,
  APP_ID,
  BUYER_ID,
  biz,
  CUT,
  done,
  failed,
  keyApp,
  listen,
  merchant,
  OPEN_ID,
  type Params,
  pem,
  SELLER_ID,
  sdk,
  testDependencies,
} from '../../alipay/fixtures.js'
import { refused } from '../../support/refused.js'
import { BILL_ZIP } from './billZip.js'

/** What the provider asks of Alipay, and what it makes of the answers. The SDK judges every signature. */

async function provided(t: Test, answer: Answerer, over: Partial<AlipayApp> = {}) {
  const gateway = await listen(t, answer)
  const provider = alipay(keyApp({ gateway: gateway.url, ...over }), testDependencies())
  return { gateway, ...provider }
}

/** A failure thrown at once is as good as a rejection. */
const attempt = async (work: () => unknown): Promise<unknown> => work()

const judge = sdk({ alipayPublicKey: pem(merchant.publicKey) })

const order: OrderRequest = {
  scene: 'mini',
  appId: APP_ID,
  outTradeNo: 'ORDER_0001',
  totalFee: fen(29),
  currency: 'CNY',
  body: '测试 50% & more',
  openid: BUYER_ID,
  notifyUrl: 'https://shop.example.com/pay/verifyPaymentNotify/alipay/2021000122671080',
  payerIp: '203.0.113.7',
}

const TRADE_NO = '2026010122001468450512505578'
const trade = { out_trade_no: 'ORDER_0001', trade_no: TRADE_NO }

t.test('an order of a mini program', async (t) => {
  const { gateway, getOrderInfo } = await provided(t, (params) => done(params, trade))
  t.equal(await getOrderInfo(order), TRADE_NO)
  t.match(gateway.received[0], { method: 'alipay.trade.create', notify_url: order.notifyUrl })
  t.ok(judge.checkNotifySignV2(gateway.received[0]))
  t.strictSame(biz(gateway.received[0]), {
    out_trade_no: 'ORDER_0001',
    total_amount: '0.29',
    subject: '测试 50% & more',
    seller_id: SELLER_ID,
    product_code: 'JSAPI_PAY',
    op_app_id: APP_ID,
    buyer_id: BUYER_ID,
  })
  await getOrderInfo({ ...order, openid: OPEN_ID, attach: 'a=1&b=中', expiresAt: Date.UTC(2050, 0, 1, 1) })
  const second = biz(gateway.received[1])
  t.match(second, {
    buyer_open_id: OPEN_ID,
    passback_params: 'a%3D1%26b%3D%E4%B8%AD',
    time_expire: '2050-01-01 09:00:00',
  })
  t.notOk('buyer_id' in second)
  t.strictSame(order, { ...order }, 'what was given is as it was')
})

t.test('the order string of an app asks Alipay nothing', async (t) => {
  const { gateway, getOrderInfo } = await provided(t, (params) => done(params, trade))
  const text = await getOrderInfo({ ...order, scene: 'app', openid: undefined })
  const params: Params = Object.fromEntries(new URLSearchParams(String(text)))
  t.equal(gateway.received.length, 0)
  t.ok(judge.checkNotifySignV2(params))
  t.match(params, { method: 'alipay.trade.app.pay', notify_url: order.notifyUrl, charset: 'utf-8' })
  t.match(biz(params), {
    product_code: 'QUICK_MSECURITY_PAY',
    total_amount: '0.29',
    out_trade_no: 'ORDER_0001',
  })
  t.notOk('buyer_id' in biz(params))
  t.notMatch(text, /\+/, 'spaces are %20')
})

t.test('orders that cannot be', async (t) => {
  const { gateway, getOrderInfo, appIdFor } = await provided(t, (params) => done(params, trade))
  t.equal(await refused(getOrderInfo({ ...order, openid: undefined })), 'INVALID_PARAM')
  t.equal(await refused(getOrderInfo({ ...order, totalFee: fen(0) })), 'INVALID_PARAM')
  t.equal(await refused(getOrderInfo({ ...order, currency: 'USD' })), 'INVALID_PARAM')
  t.equal(gateway.received.length, 0)
  t.equal(appIdFor('mini'), APP_ID)
  t.equal(appIdFor('app', 'wx'), APP_ID)
  t.equal(appIdFor(), APP_ID)
  for (const scene of ['native', 'h5'] as const)
    t.equal(await refused(attempt(() => appIdFor(scene))), 'INVALID_PARAM')
  const miniOnly = alipay(keyApp({ kind: 'mp' }), testDependencies())
  t.equal(miniOnly.appIdFor('mini'), APP_ID)
  t.equal(await refused(attempt(() => miniOnly.appIdFor('app'))), 'MISSING_SETTING')
})

t.test('an answer about another order gives nobody a trade number', async (t) => {
  const { getOrderInfo } = await provided(t, (params) => done(params, { ...trade, out_trade_no: 'OTHER' }))
  t.equal(await refused(getOrderInfo(order)), 'UNVERIFIED_ANSWER')
})

t.test('amounts: yuan by text, for every amount there is', async (t) => {
  const { getOrderInfo } = alipay(keyApp(), testDependencies())
  const amount = fc.integer({ min: 1, max: MAX_FEN })
  const examples = [1, 7, 29, 35, 57, 99, 100, 101, 1999, 2010, 9_999_999_999, MAX_FEN]
  await fc.assert(
    fc.asyncProperty(amount, async (value) => {
      const text = await getOrderInfo({ ...order, scene: 'app', totalFee: fen(value) })
      const { total_amount } = biz(Object.fromEntries(new URLSearchParams(String(text))))
      t.ok(
        BigInt(String(total_amount).replace('.', '')) === BigInt(value) &&
          /^\d+\.\d{2}$/.test(String(total_amount)),
      )
    }),
    { numRuns: 60, examples: examples.map((value): [number] => [value]) },
  )
})

const paid = {
  ...trade,
  buyer_user_id: BUYER_ID,
  buyer_logon_id: 'x***@y.com',
  trade_status: 'TRADE_SUCCESS',
  total_amount: '0.29',
  buyer_pay_amount: '0.20',
  receipt_amount: '0.29',
  send_pay_date: '2026-01-01 15:56:24',
}

t.test('a query', async (t) => {
  const { gateway, orderQuery } = await provided(t, (params) => done(params, paid))
  const answer = await orderQuery({ outTradeNo: 'ORDER_0001' })
  t.strictSame(answer?.facts, {
    appId: APP_ID,
    outTradeNo: 'ORDER_0001',
    tradeState: 'SUCCESS',
    tradeStateDesc: 'TRADE_SUCCESS',
    transactionId: TRADE_NO,
    totalFee: 29,
    feeType: 'CNY',
    cashFee: 20,
    openid: BUYER_ID,
    timeEnd: '20260101155624',
  })
  t.match(String(answer?.raw), /alipay_trade_query_response.*"sign"/)
  await orderQuery({ outTradeNo: 'ORDER_0001', transactionId: TRADE_NO })
  t.strictSame(gateway.received.map(biz), [{ out_trade_no: 'ORDER_0001' }, { trade_no: TRADE_NO }])
  t.equal(await refused(orderQuery({})), 'INVALID_PARAM')
})

t.test('states of a query, and answers that do not answer', async (t) => {
  const { gateway, orderQuery } = await provided(t, () => '')
  const ask = (fields: object) => {
    gateway.answer = (params) => done(params, { ...paid, ...fields })
    return orderQuery({ outTradeNo: 'ORDER_0001' })
  }
  const states = {
    WAIT_BUYER_PAY: 'USERPAYING',
    TRADE_CLOSED: 'CLOSED',
    TRADE_SUCCESS: 'SUCCESS',
    TRADE_FINISHED: 'FINISHED',
  }
  for (const [trade_status, state] of Object.entries(states)) {
    t.equal((await ask({ trade_status }))?.facts.tradeState, state)
  }
  const strange = [
    { trade_status: 'TRADE_NEW' },
    { trade_status: '__proto__' },
    { trade_no: undefined },
    { total_amount: undefined },
    { total_amount: '0.299' },
    { out_trade_no: 'OTHER' },
    { out_trade_no: undefined },
  ]
  for (const fields of strange)
    t.equal(await refused(ask(fields)), 'UNVERIFIED_ANSWER', JSON.stringify(fields))
  t.equal(
    (await ask({ trade_status: 'WAIT_BUYER_PAY', total_amount: 0.29 }))?.facts.totalFee,
    29,
    'a bare number',
  )
})

t.test('no such order: only when Alipay says so itself', async (t) => {
  const { gateway, orderQuery } = await provided(t, (params) => failed(params, 'ACQ.TRADE_NOT_EXIST'))
  t.equal(await orderQuery({ outTradeNo: 'ORDER_0001' }), undefined)
  gateway.answer = (params) =>
    JSON.stringify({
      [`${params.method?.replaceAll('.', '_')}_response`]: { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' },
    })
  t.equal(await refused(orderQuery({ outTradeNo: 'ORDER_0001' })), 'ACQ.TRADE_NOT_EXIST', 'unsigned')
})

t.test('closing', async (t) => {
  const { gateway, closeOrder } = await provided(t, (params) => done(params, trade))
  const closed = { appId: APP_ID, outTradeNo: 'ORDER_0001', transactionId: TRADE_NO }
  t.strictSame(await closeOrder?.({ outTradeNo: 'ORDER_0001' }), closed)
  t.match(gateway.received[0], { method: 'alipay.trade.close' })
  const tooLate = (subCode: string, trade_status?: string) => {
    gateway.answer = (params) =>
      params.method === 'alipay.trade.query' && trade_status !== undefined
        ? done(params, {
            ...paid,
            trade_status,
            ...(trade_status === 'TRADE_CLOSED' && { send_pay_date: '' }),
          })
        : failed(params, subCode)
  }
  for (const subCode of ['ACQ.TRADE_HAS_CLOSE', 'ACQ.TRADE_STATUS_ERROR', 'ACQ.REASON_ILLEGAL_STATUS']) {
    const close = () => Promise.resolve(closeOrder?.({ outTradeNo: 'ORDER_0001' }))
    tooLate(subCode, 'TRADE_CLOSED')
    t.strictSame(await close(), closed)
    for (const word of ['TRADE_SUCCESS', 'TRADE_FINISHED']) {
      tooLate(subCode, word)
      t.equal(await refused(close()), 'ORDER_PAID')
    }
    tooLate(subCode, 'WAIT_BUYER_PAY')
    t.equal(await refused(close()), subCode)
    tooLate(subCode)
    t.equal(await refused(close()), subCode, 'nobody says how it stands')
  }
  gateway.answer = (params) => failed(params, 'ACQ.TRADE_NOT_EXIST')
  t.equal(await refused(Promise.resolve(closeOrder?.({ outTradeNo: 'ORDER_0001' }))), 'ACQ.TRADE_NOT_EXIST')
})

t.test('cancelling', async (t) => {
  const { gateway, cancelOrder } = await provided(t, (params) =>
    done(params, { ...trade, retry_flag: 'N', action: 'refund' }),
  )
  const cancel = () => Promise.resolve(cancelOrder?.({ outTradeNo: 'ORDER_0001' }))
  t.match(await cancel(), { outTradeNo: 'ORDER_0001', transactionId: TRADE_NO, action: 'refund' })
  gateway.answer = (params) => done(params, { out_trade_no: 'ORDER_0001', retry_flag: 'N' })
  t.strictSame(await cancel(), { appId: APP_ID, outTradeNo: 'ORDER_0001' }, 'no trade was found')
  gateway.received.length = 0
  gateway.answer = (params) =>
    done(params, {
      ...trade,
      ...(gateway.received.length < 3 ? { retry_flag: 'Y' } : { retry_flag: 'N', action: 'close' }),
    })
  t.match(await cancel(), { action: 'close' })
  t.equal(gateway.received.length, 3, 'asked to come again, twice')
  gateway.answer = (params) => done(params, { ...trade, retry_flag: 'Y' })
  t.equal(await refused(cancel()), 'CANCEL_UNFINISHED')
})

const wish: RefundRequest = {
  outTradeNo: 'ORDER_0001',
  outRefundNo: 'REFUND_1',
  totalFee: fen(29),
  refundFee: fen(10),
  currency: 'CNY',
  refundDesc: '不要了',
}

t.test('a refund is done when money moved', async (t) => {
  const { gateway, refund } = await provided(t, (params) =>
    done(params, {
      ...trade,
      fund_change: 'Y',
      refund_fee: '0.25',
      buyer_user_id: BUYER_ID,
      present_refund_buyer_amount: '0.08',
    }),
  )
  t.strictSame(await refund?.(wish), {
    state: 'SUCCEEDED',
    refundStatus: 'SUCCESS',
    outTradeNo: 'ORDER_0001',
    transactionId: TRADE_NO,
    outRefundNo: 'REFUND_1',
    refundFee: 10,
    refundedFee: 25,
    cashRefundFee: 8,
  })
  t.strictSame(biz(gateway.received[0]), {
    out_trade_no: 'ORDER_0001',
    refund_amount: '0.10',
    out_request_no: 'REFUND_1',
    refund_reason: '不要了',
  })
  t.ok(judge.checkNotifySignV2(gateway.received[0]))
})

t.test('no money moved: Alipay is asked', async (t) => {
  const { gateway, refund } = await provided(t, () => '')
  const answering = (query: (params: Params) => ReturnType<Answerer>) => {
    gateway.answer = (params) =>
      params.method === 'alipay.trade.refund'
        ? done(params, { ...trade, fund_change: 'N', refund_fee: '0.10' })
        : query(params)
    return refund?.(wish)
  }
  const refunded = {
    ...trade,
    out_request_no: 'REFUND_1',
    refund_amount: '0.10',
    refund_status: 'REFUND_SUCCESS',
  }
  t.match(await answering((params) => done(params, refunded)), { state: 'SUCCEEDED' }, 'done before')
  t.match(await answering((params) => done(params, trade)), { state: 'PROCESSING' }, 'not found yet')
  t.match(await answering((params) => failed(params, 'ACQ.INVALID_PARAMETER')), { state: 'PROCESSING' })
})

t.test('a refund whose answer is lost is sent again with the same number, and happens once', async (t) => {
  const made = new Map<unknown, string>()
  const { gateway, refund } = await provided(t, (params) => {
    const { out_request_no, refund_amount } = biz(params)
    if (params.method === 'alipay.trade.fastpay.refund.query') {
      return done(params, { ...trade, out_request_no, refund_amount, refund_status: 'REFUND_SUCCESS' })
    }
    const isNew = !made.has(out_request_no)
    made.set(out_request_no, String(refund_amount))
    return isNew ? CUT : done(params, { ...trade, fund_change: 'N', refund_fee: '0.10' })
  })
  const facts = await refund?.(wish)
  t.match(facts, { state: 'SUCCEEDED', refundFee: 10 })
  t.strictSame([...made], [['REFUND_1', '0.10']])
  t.equal(gateway.received.filter(({ method }) => method === 'alipay.trade.refund').length, 2)
})

t.test('a refund nobody answers for stays open', async (t) => {
  const { refund } = await provided(t, () => CUT)
  const failure = await Promise.resolve(refund?.(wish)).catch((error: unknown) => error)
  t.ok(failure instanceof OpenapiError)
  t.match(failure, { outcome: 'unknown' })
})

t.test('refunds that cannot be, or are about something else', async (t) => {
  const { refund } = await provided(t, (params) => done(params, { out_trade_no: 'OTHER', fund_change: 'Y' }))
  const ask = (over: Partial<RefundRequest>) => refused(Promise.resolve(refund?.({ ...wish, ...over })))
  t.equal(await ask({ currency: 'USD' }), 'INVALID_PARAM')
  t.equal(await ask({ refundFee: fen(0) }), 'INVALID_PARAM')
  t.equal(await ask({ outTradeNo: undefined }), 'INVALID_PARAM')
  t.equal(await ask({}), 'UNVERIFIED_ANSWER')
})

t.test('asking for a refund', async (t) => {
  const refunded = {
    ...trade,
    out_request_no: 'REFUND_1',
    total_amount: '0.29',
    refund_amount: '0.10',
    refund_status: 'REFUND_SUCCESS',
    refund_reason: '不要了',
    gmt_refund_pay: '2026-01-02 10:00:00',
    refund_royaltys: [
      { refund_amount: '0.03', trans_out: '2088', result_code: 'SUCCESS', royalty_type: 'transfer' },
    ],
  }
  const { gateway, refundQuery } = await provided(t, (params) => done(params, refunded))
  const ask = (fields?: object, query: object = { outTradeNo: 'ORDER_0001', outRefundNo: 'REFUND_1' }) => {
    if (fields) gateway.answer = (params) => done(params, fields)
    return Promise.resolve(refundQuery?.(query))
  }
  const answer = await ask()
  t.match(answer, { outTradeNo: 'ORDER_0001', transactionId: TRADE_NO, totalFee: 29 })
  t.strictSame(answer?.refunds, [
    {
      state: 'SUCCEEDED',
      refundStatus: 'SUCCESS',
      outTradeNo: 'ORDER_0001',
      transactionId: TRADE_NO,
      outRefundNo: 'REFUND_1',
      totalFee: 29,
      refundFee: 10,
      refundDesc: '不要了',
      successTime: '2026-01-02 10:00:00',
      refundRoyaltys: [{ refundAmount: 3, royaltyType: 'transfer', resultCode: 'SUCCESS', transOut: '2088' }],
    },
  ])
  t.match(biz(gateway.received[0]), { out_request_no: 'REFUND_1', query_options: ['gmt_refund_pay'] })
  t.equal(await ask(trade), undefined, 'no such refund')
  t.equal(await ask({}), undefined, 'nothing at all')
  for (const [refund_status, state] of [
    [undefined, 'UNKNOWN'],
    ['', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
    ['REFUND_PROCESSING', 'PROCESSING'],
    ['REFUND_FAIL', 'CLOSED'],
  ] as const) {
    t.match((await ask({ ...refunded, refund_status }))?.refunds, [{ state }], String(refund_status))
  }
  t.equal(await refused(ask({ ...refunded, out_request_no: 'OTHER' })), 'UNVERIFIED_ANSWER')
  t.equal(await refused(ask({ ...refunded, refund_amount: 'x' })), 'UNVERIFIED_ANSWER')
  await ask({ ...refunded, out_request_no: 'ORDER_0001' }, { outTradeNo: 'ORDER_0001' })
  t.match(
    biz(gateway.received.at(-1)),
    { out_request_no: 'ORDER_0001' },
    'a refund without a number has that of the order',
  )
  t.equal(await refused(ask(refunded, { transactionId: TRADE_NO })), 'INVALID_PARAM')
  gateway.answer = (params) => failed(params, 'ACQ.TRADE_NOT_EXIST')
  t.equal(await ask(), undefined)
})

t.test('a bill', async (t) => {
  const { gateway, downloadBill } = await provided(t, (params, path) =>
    path === '/bill.zip'
      ? { body: BILL_ZIP }
      : done(params, { bill_download_url: `${gateway.origin}/bill.zip?token=1` }),
  )
  const bill = await downloadBill?.({ billDate: '20260101' })
  t.match(bill?.content, /^#支付宝业务明细查询\n/)
  t.match(
    bill?.files?.map(({ name }) => name),
    [/业务明细\(汇总\)\.csv$/, /业务明细\.csv$/],
  )
  t.strictSame(biz(gateway.received[0]), { bill_type: 'trade', bill_date: '2026-01-01' })
  await downloadBill?.({ billDate: '202601', billType: 'signcustomer' })
  t.strictSame(biz(gateway.received[2]), { bill_type: 'signcustomer', bill_date: '2026-01' })
  t.equal(await refused(Promise.resolve(downloadBill?.({ billDate: '2026-01-01' }))), 'INVALID_PARAM')
})

t.test('a bill in GBK is read as its sender wrote it', async (t) => {
  const text = Buffer.concat([
    Buffer.from('#'),
    Buffer.from('a2e3fe9f9534b235b2e8', 'hex'),
    Buffer.from('\n'),
  ])
  const body = zip([{ name: Buffer.from('a2e39534b235', 'hex'), content: text }])
  const { gateway, downloadBill } = await provided(t, (params, path) =>
    path === '/bill.zip' ? { body } : done(params, { bill_download_url: `${gateway.origin}/bill.zip` }),
  )
  const bill = await downloadBill?.({ billDate: '20260101' })
  t.equal(bill?.content, '#\u20ac\u4dae\u{20bb7}\u8336\n')
  t.equal(bill?.files?.[0]?.name, '\u20ac\u{20bb7}')
})

t.test('the address of a bill is taken over TLS, whatever Alipay writes', async (t) => {
  const gateway = await listen(t, (params) =>
    done(params, {
      bill_download_url: 'http://dwbillcenter.alipay.com/downloadBillFile.resource?bizType=trade&token=a%2Fb',
    }),
  )
  const around = testDependencies()
  const asked: string[] = []
  const http: typeof around.http = {
    async request(request) {
      if (request.method === 'POST') return around.http.request(request)
      asked.push(request.url)
      return { status: 200, headers: {}, body: BILL_ZIP }
    },
  }
  const provider = alipay(keyApp({ gateway: gateway.url }), { ...around, http })
  await provider.downloadBill?.({ billDate: '20260101' })
  t.strictSame(asked, ['https://dwbillcenter.alipay.com/downloadBillFile.resource?bizType=trade&token=a%2Fb'])
})

t.test("one thing has one code: callers get ours, the log keeps Alipay's", async (t) => {
  const gateway = await listen(t, (params) => failed(params, 'ACQ.TRADE_HAS_SUCCESS'))
  const dependencies = testDependencies()
  const { getOrderInfo } = alipay(keyApp({ gateway: gateway.url }), dependencies)
  t.equal(await refused(getOrderInfo(order)), 'ORDER_PAID')
  t.match(dependencies.calls, [{ api: 'alipay.trade.create', code: 'ACQ.TRADE_HAS_SUCCESS' }])
})

t.test('bills from elsewhere, or that are none', async (t) => {
  const { gateway, downloadBill } = await provided(t, (params) => failed(params, 'isp.bill_not_exist'))
  const ask = () => refused(Promise.resolve(downloadBill?.({ billDate: '20260101' })))
  t.equal(await ask(), 'NO_STATEMENT_EXIST')
  const elsewhere = [
    'http://dwbillcenter.alipay.com:8080/x',
    'ftp://dwbillcenter.alipay.com/x',
    'https://evil.example.com/x',
    'https://alipay.com.evil.example/x',
    'https://evilalipay.com/x',
    'file:///etc/passwd',
    'nonsense',
    undefined,
  ]
  for (const url of elsewhere) {
    gateway.answer = (params) => done(params, { bill_download_url: url })
    t.equal(await ask(), 'UNVERIFIED_ANSWER', String(url))
  }
  const served = (reply: { status?: number; body: string | Buffer }) => {
    gateway.answer = (params, path) =>
      path === '/x' ? reply : done(params, { bill_download_url: `${gateway.origin}/x` })
    return ask()
  }
  t.equal(await served({ body: '<html>expired</html>' }), 'UPSTREAM_INVALID')
  t.equal(await served({ status: 404, body: BILL_ZIP }), 'UPSTREAM_INVALID')
  for (let length = 0; length < BILL_ZIP.length; length++) {
    t.equal(await served({ body: BILL_ZIP.subarray(0, length) }), 'BILL_REFUSED', `cut after ${length} bytes`)
  }
})

t.test('a provider without keys is none', async (t) => {
  t.equal(
    await refused(attempt(() => alipay(keyApp({ publicKey: undefined }), testDependencies()))),
    'MISSING_SETTING',
  )
  t.equal(
    await refused(attempt(() => alipay(keyApp({ privateKey: undefined }), testDependencies()))),
    'MISSING_SETTING',
  )
})
