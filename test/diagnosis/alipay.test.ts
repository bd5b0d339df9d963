import t from 'tap'
import { callAlipay } from '../../shared/alipay/client.js'
import { canonical, fileCertSn } from '../../shared/alipay/signature.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import type { Diagnosis } from '../../shared/diagnosis/causes.js'
import { gbkBytes } from '../../shared/diagnosis/charsets.js'
import { alipay } from '../../shared/payment/alipay/index.js'
import { alipayCertificate, appCertificate, class2, root } from '../alipay/authority.js'
import {
  APP_ID,
  BUYER_ID,
  failed,
  keyApp,
  listen,
  merchant,
  type Params,
  pem,
  platform,
  SELLER_ID,
  signWith,
  stranger,
  testDependencies,
} from '../alipay/fixtures.js'

/** What happens to a notice of Alipay's on its way, and what the diagnosis says of it. */

const paid: Params = {
  ...{
    app_id: APP_ID,
    seller_id: SELLER_ID,
    charset: 'utf-8',
    notify_type: 'trade_status_sync',
    notify_id: '1',
  },
  ...{ out_trade_no: 'ORDER_0001', trade_no: '2026010122001468450512505578', trade_status: 'TRADE_SUCCESS' },
  ...{ total_amount: '0.29', buyer_id: BUYER_ID, gmt_payment: '2026-01-01 15:56:24', sign_type: 'RSA2' },
  subject: '测试 50% off + more & <b>"x"</b>',
  fund_bill_list: '[{"amount":"0.29","fundChannel":"ALIPAYACCOUNT"}]',
}

const sign = (fields: Params, key = platform.privateKey, hash?: string): Params => ({
  ...fields,
  sign: signWith(key, canonical(Object.entries(fields), ['sign_type']), hash),
})

const form = (fields: Params): string => new URLSearchParams(fields).toString()
const good = form(sign(paid))
/** Signed with one value, and arrived with another. */
const changed = (name: string, sent: string, arrived: string): string =>
  form({ ...sign({ ...paid, [name]: sent }), [name]: arrived })

async function explained(
  body: string | Buffer,
  app: Partial<AlipayApp> = {},
  headers: Params = {},
): Promise<{ reason: string } & Partial<Diagnosis>> {
  const provider = alipay(keyApp(app), testDependencies())
  const rawBody = Buffer.from(body as Buffer)
  const call = { method: 'POST', path: '/', query: {}, headers, rawBody }
  const reading = await provider.readNotice(call)
  if (reading.authentic) throw new Error('it is authentic')
  return { reason: reading.reason, ...(await provider.explain(call, reading.reason)) }
}

const OTHER_SN = '0'.repeat(32)
/** An application in certificate mode. */
const certified: Partial<AlipayApp> = {
  publicKey: undefined,
  privateKey: pem(appCertificate.key),
  certificates: { app: appCertificate.pem, alipay: alipayCertificate.pem + class2.pem, root: root.pem },
}

const { sign_type: _type, ...unnamed } = paid
const decodedOnce = decodeURIComponent(good.replaceAll('+', '%20'))
const entities = (fields: Params): Params =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.replaceAll('"', '&quot;')]))

/** A signature with plus signs in it, which most have. */
const withPlus =
  [...'abcdefgh']
    .map((letter) => sign({ ...paid, notify_id: letter }))
    .find(({ sign }) => sign?.includes('+')) ?? {}

const cases: Record<
  string,
  [cause: string, body: string | Buffer, app?: Partial<AlipayApp>, headers?: Params]
> = {
  "the application's public key in the settings": [
    'application key for the Alipay key',
    good,
    { publicKey: pem(merchant.publicKey) },
  ],
  "a stranger's key in the settings": ['other key', good, { publicKey: pem(stranger.publicKey) }],
  'signed by a stranger': ['other key', form(sign(paid, stranger.privateKey))],
  'signed by the application itself': ['own signature', form(sign(paid, merchant.privateKey))],
  'signed by RSA, to an application of RSA2': [
    'other algorithm',
    form(sign(unnamed, platform.privateKey, 'RSA-SHA1')),
  ],
  'which it says of itself': [
    'other algorithm',
    form(sign({ ...paid, sign_type: 'RSA' }, platform.privateKey, 'RSA-SHA1')),
  ],
  'signed by an algorithm that Alipay does not have': [
    'other key',
    form(sign(paid, platform.privateKey, 'RSA-SHA512')),
  ],
  'signed by RSA2, to an application of RSA': ['other algorithm', good, { signType: 'RSA' }],
  'signed by RSA, with the certificate that it names': [
    'other algorithm',
    form(
      sign({ ...paid, alipay_cert_sn: fileCertSn(alipayCertificate.pem) }, alipayCertificate.key, 'RSA-SHA1'),
    ),
    certified,
  ],
  'plus signs of the signature made spaces': [
    'double decoding',
    form({ ...withPlus, sign: (withPlus.sign ?? '').replaceAll('+', ' ') }),
  ],
  'plus signs decoded twice': ['double decoding', good.replaceAll('%2B', '+')],
  'all of it decoded once before': ['double decoding', decodedOnce],
  'a value decoded once before': ['double decoding', changed('subject', 'a%20b', 'a b')],
  'all of it percent-encoded': ['double decoding', encodeURIComponent(good)],
  'values in lists, written as JSON': [
    're-serialised JSON',
    JSON.stringify(
      Object.fromEntries([...new URLSearchParams(good)].map(([name, value]) => [name, [value]])),
    ),
  ],
  'quotes made entities': ['HTML entities', form(entities(sign(paid)))],
  'line ends in a value': ['line ends changed', changed('body', 'one\r\ntwo', 'one\ntwo')],
  'line ends made longer': ['line ends changed', changed('body', 'one\ntwo', 'one\r\ntwo')],
  'a value without its ends': ['ends trimmed', changed('subject', ' x ', 'x')],
  'a value without its last space, where sign_type is signed as well': [
    'ends trimmed',
    form({ ...signedWhole({ ...paid, subject: 'x ' }), subject: 'x' }),
  ],
  'a value without its last space': ['ends trimmed', changed('subject', 'x ', 'x')],
  'values read as Latin-1': ['wrong charset', form(latin1Read(sign(paid)))],
  'signed in GBK, arrived in UTF-8': ['wrong charset', gbkSigned()],
  'values that lost their bytes': ['bytes lost', changed('subject', '测试', '\ufffd\ufffd')],
  'base64 that nobody announced': ['base64 not undone', Buffer.from(good).toString('base64')],
  'parsed, and written as JSON': ['re-serialised JSON', JSON.stringify(sign(paid))],
  'parsed and gone': ['body parsed', '', {}, { 'content-length': '900' }],
  'under the number of another certificate': [
    'wrong serial',
    form(sign({ ...paid, alipay_cert_sn: OTHER_SN }, alipayCertificate.key)),
    certified,
  ],
  'under the number of a certificate that is not trusted': [
    'other key',
    form(sign({ ...paid, alipay_cert_sn: OTHER_SN }, stranger.privateKey)),
    certified,
  ],
  'another amount': ['changed on the way', form({ ...sign(paid), total_amount: '100.00' })],
  'a notice of V2': ['other provider', '<xml><mch_id>1</mch_id></xml>'],
  'a notice of V3': ['other provider', '{"id":"1"}', {}, { 'wechatpay-signature': 'x' }],
}

/** As Alipay signs the few kinds of messages that are no trade notices. */
function signedWhole(fields: Params): Params {
  return { ...fields, sign: signWith(platform.privateKey, canonical(Object.entries(fields))) }
}

function latin1Read(fields: Params): Params {
  const read = ([name, value]: [string, string]) => [name, Buffer.from(value).toString('latin1')]
  return Object.fromEntries(Object.entries(fields).map(read))
}

/** Alipay signed the bytes of GBK, and a framework that knew so wrote the form anew in UTF-8. */
function gbkSigned(): string {
  const fields = { ...paid, charset: 'GBK' }
  const bytes = gbkBytes(canonical(Object.entries(fields), ['sign_type'])) ?? Buffer.alloc(0)
  return form({ ...fields, sign: signWith(platform.privateKey, bytes) })
}

for (const [name, [cause, body, app, headers]] of Object.entries(cases)) {
  t.test(name, async (t) => {
    t.match(await explained(body, app, headers), { cause })
  })
}

t.test('nonsense is not explained, and does no harm', async (t) => {
  for (const body of ['', '{', '[]', 'null', '&&&', '%', '\u0000', 'a'.repeat(60_000), '&a='.repeat(9000)]) {
    t.notOk((await explained(body)).cause, body.slice(0, 10))
  }
})

t.test('many fields, be they empty, and long ones, are not tried one by one', async (t) => {
  const many = (value: string) => Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`f${n}`, value]))
  for (const beside of [many(''), many('x'), { body: 'x'.repeat(9000) }]) {
    const sent = sign({ ...paid, ...beside, subject: 'x ' })
    t.match(await explained(form({ ...sent, subject: 'x' })), { cause: 'changed on the way' })
  }
})

t.test('what a forger wrote is quoted in part', async (t) => {
  const { detail } = await explained(form({ sign: 'A', alipay_cert_sn: 'x'.repeat(50_000) }))
  t.equal(detail?.en.length, 200)
})

const query = { method: 'alipay.trade.query', bizContent: { out_trade_no: 'A' }, repeat: 'never' } as const
const value = '{"code":"10000","msg":"Success","qr_code":"https://qr.alipay.com/茶"}'

/** An answer whose `value`, which the signature covers, may arrive as something else. */
const answerOf = (signature: string, arrived = value, certSn = ''): string =>
  `{"alipay_trade_query_response":${arrived},"alipay_cert_sn":"${certSn}","sign":"${signature}"}`

const answers: Record<string, [cause: string, answer: string, app?: Partial<AlipayApp>]> = {
  'signed by RSA, to an application of RSA2': [
    'other algorithm',
    answerOf(signWith(platform.privateKey, value, 'RSA-SHA1')),
  ],
  'signed by the application itself': ['own signature', answerOf(signWith(merchant.privateKey, value))],
  'under the number of another certificate': [
    'wrong serial',
    answerOf(signWith(alipayCertificate.key, value), value, OTHER_SN),
    certified,
  ],
  'under the number of a certificate that is not trusted': [
    'other key',
    answerOf(signWith(stranger.privateKey, value), value, OTHER_SN),
    certified,
  ],
  'escapes of slashes undone': [
    're-serialised JSON',
    answerOf(signWith(platform.privateKey, value.replaceAll('/', '\\/'))),
  ],
  'CRLF made LF': [
    'line ends changed',
    answerOf(signWith(platform.privateKey, '{\r\n"code":"10000"}'), '{\n"code":"10000"}'),
  ],
  'entities in a value': [
    'HTML entities',
    answerOf(signWith(platform.privateKey, '{"code":"10000","a":"<>"}'), '{"code":"10000","a":"&lt;&gt;"}'),
  ],
  'a plus sign made a space': [
    'double decoding',
    answerOf(signWith(platform.privateKey, '{"code":"10000","a":"b+c"}'), '{"code":"10000","a":"b c"}'),
  ],
}

for (const [name, [cause, answer, app]] of Object.entries(answers)) {
  t.test(`an answer: ${name}`, async (t) => {
    const gateway = await listen(t, (params) =>
      params.method === query.method ? answer : failed(params, 'CERT_NOT_FOUND'),
    )
    const work = callAlipay(
      { app: keyApp({ ...app, gateway: gateway.url }), dependencies: testDependencies() },
      query,
    )
    t.match(await work.catch((error: unknown) => error), {
      errCode: 'UNVERIFIED_ANSWER',
      cause: { finding: cause },
    })
  })
}
