import t from 'tap'
import { canonical } from '../../../shared/alipay/canonical.js'
import type { AlipayApp } from '../../../shared/config/alipayApp.js'
import { alipayEntry } from '../../../shared/payment/alipay/entry.js'
import { alipay } from '../../../shared/payment/alipay/index.js'
import {
  APP_ID,
  BUYER_ID,
  keyApp,
  merchant,
  OPEN_ID,
  type Params,
  platform,
  SELLER_ID,
  sdk,
  signWith,
  stranger,
  world,
} from '../../alipay/world.js'

/** What Alipay's notices say, and everything that is not one. */

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
  alipay(keyApp(app), world()).readNotice({
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

t.test('GBK and UTF-8, by the charset field, the header, or neither', async (t) => {
  const gbk = Buffer.from([0xb2, 0xe2, 0xca, 0xd4, 0xb6, 0xa9, 0xb5, 0xa5])
  const bytesOf = (fields: Params): [string, string][] =>
    Object.entries(fields).map(([name, value]) => [name, name === 'subject' ? gbk.toString('latin1') : value])
  const body = (fields: Params): string => {
    const { subject: _subject, ...rest } = fields
    const text = Buffer.from(canonical(bytesOf({ ...rest, subject: '' }), ['sign_type']), 'latin1')
    const escaped = [...gbk].map((byte) => `%${byte.toString(16)}`).join('')
    return `${form({ ...rest, sign: signWith(platform.privateKey, text) })}&subject=${escaped}`
  }
  const { passback_params: _attach, charset: _charset, ...plain } = paid
  const messages: [string, string, Params][] = [
    ['field', body({ ...plain, charset: 'GBK' }), {}],
    ['field, against the header', body({ ...plain, charset: 'gb2312' }), {}],
    ['header', body(plain), { 'content-type': 'application/x-www-form-urlencoded;charset=GBK' }],
  ]
  for (const [name, text, headers] of messages)
    t.match(await read(text, {}, headers), { authentic: true }, name)
  t.match(
    await read(body({ ...plain, charset: 'utf-8' })),
    { reason: 'malformed' },
    'bytes that are no UTF-8',
  )
  t.match(await read(body({ ...plain, charset: 'utf-7' })), { reason: 'malformed' })
})

t.test('sign_type out and in', async (t) => {
  const kept = { ...paid, sign: signWith(platform.privateKey, canonical(Object.entries(paid))) }
  t.ok((await read(form(kept))).authentic, 'kept')
  const { sign_type: _type, ...rest } = paid
  t.ok((await read(form(sign(rest)))).authentic, 'not there at all')
})

t.test('spaces as plus or as %20, hex digits large or small: one meaning', async (t) => {
  const body = form(sign(paid))
  t.ok((await read(body.replaceAll('+', '%20'))).authentic)
  t.ok((await read(body.replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase()))).authentic)
})

const rsa = { ...paid, sign_type: 'RSA' }
const { sign: goodSign = '' } = sign(paid)
const { sign_type: _signType, ...unnamed } = paid

/** Everything somebody may try. The sender learns nothing of the reason; the log does. */
const attacks: Record<string, [body: string | Buffer, reason: string, app?: Partial<AlipayApp>]> = {
  'no signature': [form(paid), 'signature missing'],
  'an empty signature': [form({ ...paid, sign: '' }), 'signature missing'],
  'a signature that is nonsense': [form({ ...paid, sign: '%%%' }), 'signature wrong'],
  "a stranger's signature": [form(sign(paid, stranger.privateKey)), 'signature wrong'],
  "the merchant's own signature": [form(sign(paid, merchant.privateKey)), 'signature wrong'],
  'RSA in place of RSA2': [form(sign(rsa, platform.privateKey, 'RSA-SHA1')), 'signature type not ours'],
  'RSA that calls itself RSA2': [form(sign(paid, platform.privateKey, 'RSA-SHA1')), 'signature wrong'],
  'RSA that says nothing of itself': [
    form(sign(unnamed, platform.privateKey, 'RSA-SHA1')),
    'signature wrong',
  ],
  'RSA2 to a merchant of old': [form(sign(paid)), 'signature type not ours', { signType: 'RSA' }],
  'an algorithm that does not exist': [
    form(sign({ ...paid, sign_type: '__proto__' })),
    'signature type not ours',
  ],
  'another amount': [form({ ...sign(paid), total_amount: '100.00' }), 'signature wrong'],
  'another order': [form({ ...sign(paid), out_trade_no: 'ORDER_0002' }), 'signature wrong'],
  'another state': [form({ ...sign(paid), trade_status: 'TRADE_FINISHED' }), 'signature wrong'],
  'a field added': [form({ ...sign(paid), refund_fee: '0.29' }), 'signature wrong'],
  'a field left out': [form(sign(paid)).replace(/&seller_id=\d+/, ''), 'signature wrong'],
  'a field emptied': [form({ ...sign(paid), seller_id: '' }), 'signature wrong'],
  'a field moved into another': [
    form(sign({ ...paid, subject: 'x&total_amount=100.00' })).replace('%26total_amount%3D', '&total_amount='),
    'malformed',
  ],
  'a field twice': [`${form(sign(paid))}&total_amount=100.00`, 'malformed'],
  'a field twice, in front': [`total_amount=100.00&${form(sign(paid))}`, 'malformed'],
  'a field twice, escaped': [`${form(sign(paid))}&total%5Famount=100.00`, 'malformed'],
  'two signatures': [`${form(sign(paid))}&sign=${encodeURIComponent(goodSign)}`, 'malformed'],
  'plus signs decoded twice': [form(sign(paid)).replaceAll('%2B', '+'), 'signature wrong'],
  'percent signs decoded twice': [form(sign(paid)).replace('50%25+off', '50%+off'), 'malformed'],
  'HTML entities made of quotes': [
    form({ ...sign(paid), fund_bill_list: (paid.fund_bill_list ?? '').replaceAll('"', '&quot;') }),
    'signature wrong',
  ],
  'trimmed ends': [form({ ...sign({ ...paid, subject: ' x ' }), subject: 'x' }), 'signature wrong'],
  JSON: [JSON.stringify(sign(paid)), 'malformed'],
  XML: ['<xml><sign>x</sign></xml>', 'malformed'],
  nothing: ['', 'empty'],
  'one megabyte': [`${form(sign(paid))}&a=${'a'.repeat(1024 * 1024)}`, 'too large'],
  'one megabyte of &': ['&'.repeat(1024 * 1024), 'too large'],
  'nothing but &': ['&&&&', 'signature missing'],
  'bytes at random': [Buffer.from([0, 255, 254, 37, 38, 61, 128]), 'malformed'],
  'half a character': [form(sign(paid)).replace('%E6%B5%8B', '%E6%B5'), 'signature wrong'],
  'fields named __proto__ and constructor': [
    `${form(sign(paid))}&__proto__=x&constructor=y`,
    'signature wrong',
  ],
  "another application's notice": [form(sign({ ...paid, app_id: '2021000000000001' })), 'other app'],
  'no application': [form(sign({ ...paid, app_id: '' })), 'other app'],
  "another seller's": [form(sign({ ...paid, seller_id: '2088000000000001' })), 'other merchant'],
  'no seller': [form(sign({ ...paid, seller_id: '' })), 'other merchant'],
  'another kind of message': [
    form(sign({ ...paid, notify_type: 'open_app_auth_notify' })),
    'kind not supported',
  ],
  'no kind': [form(sign({ ...paid, notify_type: '' })), 'kind not supported'],
  'paid, without a number': [form(sign({ ...paid, trade_no: '' })), 'incomplete'],
  'paid, without an order': [form(sign({ ...paid, out_trade_no: '' })), 'incomplete'],
  'paid, without an amount': [form(sign({ ...paid, total_amount: '' })), 'incomplete'],
  'an amount that is none': [form(sign({ ...paid, total_amount: '1e2' })), 'incomplete'],
  'an amount with three decimals': [form(sign({ ...paid, total_amount: '0.290' })), 'incomplete'],
  'a negative amount': [form(sign({ ...paid, total_amount: '-0.29' })), 'incomplete'],
  'a refund that is no amount': [
    form(sign({ ...paid, refund_fee: 'x', gmt_refund: '2026-01-02 10:00:00' })),
    'incomplete',
  ],
}

for (const [name, [body, reason, app]] of Object.entries(attacks)) {
  t.test(`refused: ${name}`, async (t) => {
    t.strictSame(await read(body, app), { authentic: false, reason })
  })
}

t.test('refused: base64 not undone', async (t) => {
  t.match(await read(Buffer.from(form(sign(paid))).toString('base64')), { authentic: false })
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

t.test('the same words for every reason', async (t) => {
  t.match(alipayEntry.replies, {
    accepted: { status: 200, body: /^success$/ },
    refused: { status: 200, body: 'fail' },
  })
})
