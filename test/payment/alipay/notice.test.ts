import t from 'tap'
import { canonical } from '../../../shared/alipay/signature.js'
import type { AlipayApp } from '../../../shared/config/alipayApp.js'
import { alipay } from '../../../shared/payment/alipay/index.js'
import {
  APP_ID,
  BUYER_ID,
  keyApp,
  OPEN_ID,
  type Params,
  platform,
  SELLER_ID,
  sdk,
  signWith,
  testDependencies,
} from '../../alipay/fixtures.js'

/** What Alipay's notices say; test/payment/attacks has what is no notice. */

const paid: Params = {
  gmt_create: '2026-01-01 15:56:22',
  charset: 'utf-8',
  notify_time: '2026-01-01 15:56:25',
  subject: '测试 50% off + more & <b>"x"</b>',
  buyer_id: BUYER_ID,
  buyer_logon_id: 'xud***@126.com',
  invoice_amount: '0.29',
  version: '1.0',
  notify_id: '2026010100222155624068450559358070',
  fund_bill_list: '[{"amount":"0.29","fundChannel":"ALIPAYACCOUNT"}]',
  notify_type: 'trade_status_sync',
  out_trade_no: 'ORDER_0001',
  total_amount: '0.29',
  trade_status: 'TRADE_SUCCESS',
  trade_no: '2026010122001468450512505578',
  auth_app_id: APP_ID,
  receipt_amount: '0.29',
  buyer_pay_amount: '0.20',
  app_id: APP_ID,
  sign_type: 'RSA2',
  seller_id: SELLER_ID,
  gmt_payment: '2026-01-01 15:56:24',
  point_amount: '0.00',
  passback_params: 'a%3D1%26b%3D%E4%B8%AD',
}

const form = (fields: Params): string => new URLSearchParams(fields).toString()

const sign = (fields: Params, key = platform.privateKey, hash?: string): Params => ({
  ...fields,
  sign: signWith(key, canonical(Object.entries(fields), ['sign_type']), hash),
})

const read = (body: string | Buffer, app: Partial<AlipayApp> = {}, headers: Params = {}) =>
  alipay(keyApp(app), testDependencies()).readNotice({
    method: 'POST',
    path: '/alipay',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
    query: {},
    rawBody: Buffer.from(body as Buffer),
  })

const notice = (over: Params = {}) => read(form(sign({ ...paid, ...over })))

t.test('a payment', async (t) => {
  const expected = {
    appId: APP_ID,
    outTradeNo: 'ORDER_0001',
    tradeState: 'SUCCESS',
    tradeStateDesc: 'TRADE_SUCCESS',
    transactionId: '2026010122001468450512505578',
    totalFee: 29,
    feeType: 'CNY',
    cashFee: 20,
    openid: BUYER_ID,
    attach: 'a=1&b=中',
    timeEnd: '20260101155624',
  }
  t.strictSame(await notice(), { authentic: true, notice: { payment: expected } })
  t.ok(sdk().checkNotifySignV2(sign(paid)), 'the SDK believes it too')
})

t.test('states: both words for paid count, closed and waiting move no money', async (t) => {
  const stateOf = async (trade_status: string) => {
    const reading = await notice({ trade_status })
    return reading.authentic ? reading.notice.payment?.tradeState : reading.reason
  }
  t.equal(await stateOf('TRADE_SUCCESS'), 'SUCCESS')
  t.equal(await stateOf('TRADE_FINISHED'), 'FINISHED')
  t.equal(await stateOf('TRADE_CLOSED'), 'CLOSED')
  t.equal(await stateOf('WAIT_BUYER_PAY'), 'USERPAYING')
  t.equal(await stateOf('TRADE_NEW_WORD'), 'incomplete')
  t.equal(await stateOf('constructor'), 'incomplete')
})

t.test('a part given back: the payment again, with all that was refunded so far', async (t) => {
  const reading = await notice({
    refund_fee: '0.10',
    gmt_refund: '2026-01-02 10:00:00.123',
    out_biz_no: 'REFUND_1',
    send_back_fee: '0.10',
  })
  t.match(reading, {
    authentic: true,
    notice: {
      payment: { tradeState: 'SUCCESS', totalFee: 29 },
      refund: {
        state: 'SUCCEEDED',
        outRefundNo: 'REFUND_1',
        refundedFee: 10,
        totalFee: 29,
        successTime: '2026-01-02 10:00:00',
      },
    },
  })
  const refund = reading.authentic ? reading.notice.refund : undefined
  t.notOk(refund && 'refundFee' in refund, 'how much this refund was is not said')
})

t.test('all given back: closed, and yet it had been paid', async (t) => {
  const whole = { trade_status: 'TRADE_CLOSED', refund_fee: '0.29', gmt_refund: '2026-01-02 10:00:00' }
  t.match(await notice({ ...whole, out_biz_no: 'REFUND_1' }), {
    notice: {
      payment: { tradeState: 'REFUND', tradeStateDesc: 'TRADE_CLOSED' },
      refund: { outRefundNo: 'REFUND_1', refundedFee: 29 },
    },
  })
  t.match(
    await notice(whole),
    { notice: { refund: { outRefundNo: 'ORDER_0001' } } },
    'without a number it is the order',
  )
  const nameless = await notice({ refund_fee: '0.10', gmt_refund: '2026-01-02 10:00:00' })
  t.ok(nameless.authentic)
  t.notOk(nameless.authentic && nameless.notice.refund, 'a part without a number says nothing certain')
})

t.test('who paid: user_id or open_id', async (t) => {
  const { buyer_id: _gone, ...rest } = paid
  t.match(await read(form(sign({ ...rest, buyer_open_id: OPEN_ID }))), {
    notice: { payment: { openid: OPEN_ID } },
  })
  t.match(await notice({ buyer_open_id: OPEN_ID }), { notice: { payment: { openid: BUYER_ID } } })
})

t.test('attach is given back as it was, also when it was never escaped', async (t) => {
  t.match(await notice({ passback_params: '100%' }), { notice: { payment: { attach: '100%' } } })
})

t.test('RSA2 to a merchant of old, who agreed on RSA', async (t) => {
  const body = form(sign(paid))
  t.match(await read(body, { signType: 'RSA' }), { authentic: false, reason: 'signature type not ours' })
})

t.test('without ALIPAY_SELLER_ID any seller of the application is taken', async (t) => {
  t.ok((await read(form(sign(paid)), { sellerId: undefined })).authentic)
})

t.test('work grows with the length', async (t) => {
  const once = async (body: Buffer) => {
    const startedAt = process.hrtime.bigint()
    await read(body)
    return Number(process.hrtime.bigint() - startedAt)
  }
  const best = async (text: string) => {
    const times: number[] = []
    for (let i = 0; i < 7; i++) times.push(await once(Buffer.from(text)))
    return Math.min(...times)
  }
  const hostile: Record<string, (n: number) => string> = {
    'many fields': (n) =>
      Array.from({ length: n / 10 }, (_, i) => `f${String(i).padStart(6, '0')}=1`).join('&'),
    'percent signs': (n) => `a=${'%41'.repeat(n / 3)}`,
    'plus signs': (n) => `a=${'+'.repeat(n)}`,
    'equals signs': (n) => `a${'='.repeat(n)}`,
    'a broken escape at the end': (n) => `a=${'%41'.repeat(n / 3)}%`,
    'a long name': (n) => `${'a'.repeat(n)}=1`,
  }
  for (const [name, make] of Object.entries(hostile)) {
    const ratio = (await best(`${make(60_000)}&sign=x`)) / (await best(`${make(6000)}&sign=x`))
    t.ok(ratio < 40, `${name}: ten times the bytes took ${ratio.toFixed(1)} times as long`)
  }
})

t.test('a notice cut anew into other fields, which have the same signed text, does not count', async (t) => {
  const trade_no = '2026010122001468450512505579'
  const subject = `s&total_amount=0.29&trade_no=${trade_no}&trade_status=TRADE_SUCCESS&u=`
  const { gmt_payment: _unpaid, ...rest } = paid
  const unpaid = sign({ ...rest, subject, trade_status: 'WAIT_BUYER_PAY' })
  const hidden = `&total_amount=0.29&trade_no=${paid.trade_no}&trade_status=WAIT_BUYER_PAY`
  const recut = { ...unpaid, subject: 's', trade_no, trade_status: 'TRADE_SUCCESS', u: hidden }
  const texts = [unpaid, recut].map((fields) => canonical(Object.entries(fields), ['sign_type']))
  t.equal(texts[0], texts[1], 'the same text, and so the same signature')
  const refused = { authentic: false, reason: 'malformed', detail: 'it can be read in several ways' }
  t.strictSame(await read(form(recut)), refused)
  t.strictSame(await read(form(unpaid)), refused, 'which of the two was signed, nobody can know')
})
