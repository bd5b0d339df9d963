import t from 'tap'
import type { HttpCall } from '../../../shared/operation/index.js'
import type { NoticeReading, Refusal } from '../../../shared/payment/provider.js'
import { rememberedCertificates, weixinV3 } from '../../../shared/payment/weixin-v3/index.js'
import { keyPair } from './keys.js'
import { type Kind, noticeBody, noticeCall, refundResource, transaction } from './messages.js'
import { merchantAt, NOW, PUBLIC_KEY_ID, publicKeySigner, testClock, vouch, world } from './platform.js'

const UNREACHABLE = 'http://127.0.0.1:1'
const strangers = keyPair()

const read = (call: HttpCall, at = NOW): Promise<NoticeReading> =>
  weixinV3(merchantAt(UNREACHABLE), world(testClock(at)), rememberedCertificates()).readNotice(call)

t.test('a payment notice is read in the names of the reference document', async (t) => {
  t.strictSame(await read(noticeCall(noticeBody('payment'))), {
    authentic: true,
    notice: {
      payment: {
        appId: 'wx0123456789abcdef',
        mchId: '1900007291',
        outTradeNo: 'order20260131',
        tradeState: 'SUCCESS',
        tradeStateDesc: '支付成功',
        tradeType: 'JSAPI',
        transactionId: '4200000985202601310000000001',
        totalFee: 1999,
        feeType: 'CNY',
        cashFee: 1499,
        cashFeeType: 'CNY',
        couponFee: 500,
        couponCount: 1,
        couponList: [{ couponId: '109519', couponType: 'NO_CASH', couponFee: 500 }],
        openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
        bankType: 'CMC',
        timeEnd: '20260131115958',
      },
    },
  })
})

t.test('a refund notice is read in the words of the reference document', async (t) => {
  const facts = {
    outTradeNo: 'order20260131',
    transactionId: '4200000985202601310000000001',
    outRefundNo: 'refund1',
    refundId: '50000000382019052709732678859',
    totalFee: 1999,
    refundFee: 500,
    cashRefundFee: 500,
    refundRecvAccout: '招商银行信用卡0403',
    successTime: '2026-01-31 12:00:00',
  }
  const words = [
    ['SUCCESS', 'SUCCEEDED', 'SUCCESS'],
    ['CLOSED', 'CLOSED', 'REFUNDCLOSE'],
    ['ABNORMAL', 'ABNORMAL', 'CHANGE'],
  ]
  for (const [theirs, state, refundStatus] of words) {
    const content = { ...refundResource, refund_status: theirs }
    t.strictSame(await read(noticeCall(noticeBody('refund', { content, event: `REFUND.${theirs}` }))), {
      authentic: true,
      notice: { refund: { state, refundStatus, ...facts } },
    })
  }
})

type Attack = [name: string, reason: Refusal, make: (kind: Kind) => HttpCall]

const withHeaders = (call: HttpCall, headers: Record<string, string | undefined>): HttpCall => {
  const merged = Object.entries({ ...call.headers, ...headers }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return { ...call, headers: Object.fromEntries(merged) }
}
const genuine = (kind: Kind) => noticeCall(noticeBody(kind))
const withBody = (kind: Kind, change: (body: string) => string): HttpCall => {
  const call = genuine(kind)
  return { ...call, rawBody: Buffer.from(change(call.rawBody.toString())) }
}
const names = ['timestamp', 'nonce', 'signature', 'serial'].map((name) => `wechatpay-${name}`)
const contentOf = (kind: Kind) => (kind === 'payment' ? transaction : refundResource)
const shift = (kind: Kind, ms: number) => noticeCall(noticeBody(kind), { at: NOW + ms })

const attacks: Attack[] = [
  ...names.map(
    (name): Attack => [
      `${name} missing`,
      'signature missing',
      (kind) => withHeaders(genuine(kind), { [name]: undefined }),
    ],
  ),
  ...names.map(
    (name): Attack => [
      `${name} empty`,
      'signature missing',
      (kind) => withHeaders(genuine(kind), { [name]: '' }),
    ],
  ),
  ...names.map(
    (name): Attack => [
      `${name} twice`,
      'malformed',
      (kind) => {
        const call = genuine(kind)
        return withHeaders(call, { [name]: `${call.headers[name]}, ${call.headers[name]}` })
      },
    ],
  ),
  [
    'another signature suite',
    'signature type not ours',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3' }),
  ],
  [
    'a probe',
    'signature probe',
    (kind) =>
      withHeaders(genuine(kind), {
        'wechatpay-signature': `WECHATPAY/SIGNTEST/${genuine(kind).headers['wechatpay-signature']}`,
      }),
  ],
  ['five minutes old', 'time out of range', (kind) => shift(kind, -300_000)],
  ['five minutes early', 'time out of range', (kind) => shift(kind, 300_000)],
  ['an hour old', 'time out of range', (kind) => shift(kind, -3_600_000)],
  [
    'timestamp in milliseconds',
    'malformed',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-timestamp': String(NOW) }),
  ],
  ['timestamp in words', 'malformed', (kind) => withHeaders(genuine(kind), { 'wechatpay-timestamp': 'now' })],
  ['timestamp negative', 'malformed', (kind) => withHeaders(genuine(kind), { 'wechatpay-timestamp': '-1' })],
  [
    'another timestamp than signed',
    'signature wrong',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-timestamp': String(NOW / 1000 - 1) }),
  ],
  [
    'another nonce than signed',
    'signature wrong',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-nonce': 'other' }),
  ],
  [
    'nonce with a line break',
    'malformed',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-nonce': 'a\nb' }),
  ],
  [
    'unknown public key id',
    'signature key unknown',
    (kind) => noticeCall(noticeBody(kind), { signer: { ...publicKeySigner, serial: 'PUB_KEY_ID_9' } }),
  ],
  [
    'unknown certificate',
    'signature key unknown',
    (kind) => noticeCall(noticeBody(kind), { signer: { ...publicKeySigner, serial: 'F5765756002FDD77' } }),
  ],
  [
    'serial __proto__',
    'signature key unknown',
    (kind) => noticeCall(noticeBody(kind), { signer: { ...publicKeySigner, serial: '__proto__' } }),
  ],
  [
    "a stranger's key under our serial",
    'signature wrong',
    (kind) =>
      noticeCall(noticeBody(kind), { signer: { serial: PUBLIC_KEY_ID, privatePem: strangers.privatePem } }),
  ],
  [
    'signature of another body',
    'signature wrong',
    (kind) => withBody(kind, (body) => body.replace('EV-', 'EW-')),
  ],
  [
    'signature no base64',
    'malformed',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-signature': '<script>' }),
  ],
  [
    'signature cut short',
    'signature wrong',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-signature': 'AAAA' }),
  ],
  [
    'signature of a thousand letters',
    'signature wrong',
    (kind) => withHeaders(genuine(kind), { 'wechatpay-signature': 'A'.repeat(1024) }),
  ],
  [
    're-serialised JSON',
    'signature wrong',
    (kind) => withBody(kind, (body) => JSON.stringify(JSON.parse(body), null, 1)),
  ],
  [
    'keys in another order',
    'signature wrong',
    (kind) =>
      withBody(kind, (body) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body)).reverse())),
      ),
  ],
  ['CRLF at the end', 'signature wrong', (kind) => withBody(kind, (body) => `${body}\r\n`)],
  ['HTML entities', 'signature wrong', (kind) => withBody(kind, (body) => body.replaceAll('"', '&quot;'))],
  [
    'base64 not undone',
    'signature wrong',
    (kind) => withBody(kind, (body) => Buffer.from(body).toString('base64')),
  ],
  ['a byte order mark', 'signature wrong', (kind) => withBody(kind, (body) => `\ufeff${body}`)],
  ['empty body', 'empty', (kind) => withBody(kind, () => '')],
  ['a megabyte', 'too large', (kind) => withBody(kind, () => 'a'.repeat(1024 * 1024))],
  ['a signed megabyte', 'too large', () => noticeCall(JSON.stringify('a'.repeat(1024 * 1024)))],
  ['signed, not JSON', 'malformed', () => noticeCall('<xml/>')],
  ['signed, a list', 'malformed', () => noticeCall('[]')],
  ['signed, null', 'malformed', () => noticeCall('null')],
  ['signed, nested deeply', 'malformed', () => noticeCall(`${'['.repeat(60_000)}${']'.repeat(60_000)}`)],
  [
    'signed, objects nested deeply',
    'kind not supported',
    () => noticeCall(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
  ],
  [
    'signed, without resource',
    'kind not supported',
    (kind) => noticeCall(noticeBody(kind, { extra: { resource: null } })),
  ],
  [
    'another kind of event',
    'kind not supported',
    (kind) => noticeCall(noticeBody(kind, { event: 'COUPON.USE' })),
  ],
  [
    'another kind of resource',
    'kind not supported',
    (kind) => noticeCall(noticeBody(kind, { original: 'coupon' })),
  ],
  [
    'event and resource disagree',
    'kind not supported',
    (kind) => noticeCall(noticeBody(kind, { original: kind === 'payment' ? 'refund' : 'transaction' })),
  ],
  [
    '__proto__ in the envelope',
    'kind not supported',
    (kind) => noticeCall(`{"__proto__":${noticeBody(kind)}}`),
  ],
  [
    'another cipher',
    'not decryptable',
    (kind) => noticeCall(noticeBody(kind, { algorithm: 'AEAD_SM4_GCM' })),
  ],
  [
    "another merchant's APIv3 key",
    'not decryptable',
    (kind) => noticeCall(noticeBody(kind, { apiKey: 'x'.repeat(32) })),
  ],
  [
    'nonce of 16 bytes',
    'not decryptable',
    (kind) => noticeCall(noticeBody(kind, { nonce: '0123456789abcdef' })),
  ],
  ['nonce of 1 byte', 'not decryptable', (kind) => noticeCall(noticeBody(kind, { nonce: '0' }))],
  [
    'nonce empty',
    'not decryptable',
    (kind) => noticeCall(noticeBody(kind, { nonce: '', ciphertext: 'AAAA' })),
  ],
  [
    'cipher text shorter than its tag',
    'not decryptable',
    (kind) => noticeCall(noticeBody(kind, { ciphertext: Buffer.alloc(15).toString('base64') })),
  ],
  ['cipher text empty', 'not decryptable', (kind) => noticeCall(noticeBody(kind, { ciphertext: '' }))],
  [
    'cipher text no base64',
    'not decryptable',
    (kind) => noticeCall(noticeBody(kind, { ciphertext: '<<<>>>' })),
  ],
  ['sealed, not JSON', 'malformed', (kind) => noticeCall(noticeBody(kind, { text: 'hello' }))],
  ['sealed, empty', 'malformed', (kind) => noticeCall(noticeBody(kind, { text: '' }))],
  [
    'another merchant',
    'other merchant',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), mchid: '1900000109' } })),
  ],
  [
    'no merchant',
    'other merchant',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), mchid: undefined } })),
  ],
  [
    'merchant in the prototype',
    'other merchant',
    (kind) => noticeCall(noticeBody(kind, { text: `{"__proto__":${JSON.stringify(contentOf(kind))}}` })),
  ],
  [
    'amount a text',
    'incomplete',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), amount: { total: '1999' } } })),
  ],
  [
    'amount a fraction',
    'incomplete',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), amount: { total: 19.99 } } })),
  ],
  [
    'amount negative',
    'incomplete',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), amount: { total: -1 } } })),
  ],
  [
    'amount beyond all money',
    'incomplete',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), amount: { total: 1e15 } } })),
  ],
  [
    'no order number',
    'incomplete',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), out_trade_no: '' } })),
  ],
  [
    'order number a list',
    'incomplete',
    (kind) => noticeCall(noticeBody(kind, { content: { ...contentOf(kind), out_trade_no: ['x'] } })),
  ],
  [
    'a state nobody knows',
    'incomplete',
    (kind) =>
      noticeCall(
        noticeBody(kind, { content: { ...contentOf(kind), trade_state: 'FINISHED', refund_status: 'DONE' } }),
      ),
  ],
  [
    'a time that is none',
    'incomplete',
    (kind) =>
      noticeCall(
        noticeBody(kind, { content: { ...contentOf(kind), success_time: '2026-13-45T99:00:00+08:00' } }),
      ),
  ],
]

for (const kind of ['payment', 'refund'] as const) {
  for (const [name, reason, make] of attacks) {
    t.test(`${kind}: ${name}`, async (t) => {
      const reading = await read(make(kind))
      t.equal(reading.authentic, false)
      t.equal(reading.authentic === false && reading.reason, reason)
    })
  }
}

t.test('payment: another app, no number, no amount', async (t) => {
  const changed = (change: object) =>
    read(noticeCall(noticeBody('payment', { content: { ...transaction, ...change } })))
  t.match(await changed({ appid: 'wx9999999999999999' }), { authentic: false, reason: 'other app' })
  t.match(await changed({ transaction_id: undefined }), {
    authentic: false,
    reason: 'incomplete',
    detail: 'transaction_id',
  })
  t.match(await changed({ amount: {} }), { authentic: false, reason: 'incomplete', detail: 'amount.total' })
})

t.test('a message up to the edge of the window counts, on both sides', async (t) => {
  t.ok((await read(shift('payment', -299_000))).authentic)
  t.ok((await read(shift('payment', 299_000))).authentic)
})

t.test('a missing signature type means the suite we know', async (t) => {
  t.ok((await read(withHeaders(genuine('payment'), { 'wechatpay-signature-type': undefined }))).authentic)
})

t.test('fields that nobody knows yet do no harm, and pollute nothing', async (t) => {
  const text = JSON.stringify({ ...transaction, news: [1], constructor: { prototype: 1 } }).replace(
    '{',
    '{"__proto__":{"polluted":true},',
  )
  t.ok((await read(noticeCall(noticeBody('payment', { text, extra: { more: {} } })))).authentic)
  t.equal(({} as { polluted?: boolean }).polluted, undefined)
})

t.test('a key that was refused says nothing of itself', async (t) => {
  for (const [, , make] of attacks) {
    const reading = await read(make('payment'))
    const told = JSON.stringify(reading)
    t.notOk(told.includes('5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6') || told.includes('PRIVATE KEY'))
  }
})

t.test('the wrong nonce size is refused even when the cipher itself would open it', async (t) => {
  const body = noticeBody('payment', { nonce: '0123456789abcdef' })
  const call = { ...noticeCall(body), headers: vouch(publicKeySigner, body, NOW) }
  t.match(await read(call), { authentic: false, reason: 'not decryptable' })
})
