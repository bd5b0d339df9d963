import t from 'tap'
import { rememberedCertificates } from '../../shared/certificates/source.js'
import type { WeixinMerchant } from '../../shared/config/weixinMerchant.js'
import { gbkBytes } from '../../shared/diagnosis/charsets.js'
import type { HttpCall } from '../../shared/operation/index.js'
import { explainAnswer } from '../../shared/payment/weixin-v3/diagnosis.js'
import { v3Client, weixinV3 } from '../../shared/payment/weixin-v3/index.js'
import { certificate, keyPair } from '../payment/weixin-v3/keys.js'
import { noticeBody, noticeCall } from '../payment/weixin-v3/messages.js'
import {
  API_KEY,
  MCH_SERIAL,
  merchantAt,
  merchantKeys,
  NOW,
  PUBLIC_KEY_ID,
  publicKeySigner,
  testClock,
  testDependencies,
  vouch,
} from '../payment/weixin-v3/platform.js'

/** What happens to a notice of WeChat Pay V3 on its way, and what the diagnosis says of it. */

const merchant = merchantAt('http://127.0.0.1:1')
const second = certificate('7132D72A03E93CDDF8C03BBD1F37EEDF00000002', {
  notBefore: NOW - 1000,
  notAfter: NOW + 1e9,
})

async function explained(call: HttpCall, changes: Partial<WeixinMerchant> = {}, at = NOW) {
  const source = rememberedCertificates()
  await source.put({ provider: 'weixin-v3', merchantId: merchant.mchId, ...second })
  const provider = weixinV3({ ...merchant, ...changes }, testDependencies(testClock(at)), source)
  const reading = await provider.readNotice(call)
  if (reading.authentic) throw new Error('it is authentic')
  return { reason: reading.reason, ...(await provider.explain(call, reading.reason)) }
}

const text = noticeBody('payment', { extra: { summary: '支付成功 50% / "ok" \n' } })
const genuine = noticeCall(text)
const arrived = (body: string | Buffer): HttpCall => ({ ...genuine, rawBody: Buffer.from(body as Buffer) })
/** Signed as it stands, and changed afterwards. */
const signedAs = (sent: string, body: string | Buffer): HttpCall => ({
  ...noticeCall(sent),
  rawBody: Buffer.from(body as Buffer),
})
/** A notice with plus signs in its ciphertext, which most have. */
const withPlus =
  Array.from({ length: 20 }, () => noticeBody('payment')).find((body) => body.includes('+')) ?? ''
const value = JSON.parse(text) as Record<string, unknown>
const reversed = Object.fromEntries(Object.entries(value).reverse())
const pretty = JSON.stringify(value, null, 2)
const slashed = text.replaceAll('/', '\\/')
const entities = (body: string) => body.replaceAll('"', '&quot;')
const withHeader = (name: string, header: string | undefined): HttpCall => {
  const { [name]: _gone, ...headers } = genuine.headers
  return { ...genuine, headers: header === undefined ? headers : { ...headers, [name]: header } }
}

const cases: Record<string, [cause: string, call: HttpCall, changes?: Partial<WeixinMerchant>]> = {
  'written anew with spaces': ['re-serialised JSON', arrived(pretty)],
  'written anew in another order': ['re-serialised JSON', arrived(JSON.stringify(reversed))],
  'written anew, which undid escapes of slashes': ['re-serialised JSON', signedAs(slashed, text)],
  'written anew, which undid escapes of letters': [
    're-serialised JSON',
    signedAs(
      text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`),
      text,
    ),
  ],
  'spaces after colons undone': [
    're-serialised JSON',
    signedAs(text.replaceAll('":', '": ').replaceAll(',"', ', "'), text),
  ],
  'a text in a text': ['re-serialised JSON', arrived(JSON.stringify(text))],
  'CRLF made LF': ['line ends changed', signedAs(pretty.replaceAll('\n', '\r\n'), pretty)],
  'LF made CRLF': ['line ends changed', signedAs(pretty, pretty.replaceAll('\n', '\r\n'))],
  'an end that was cut off': ['ends trimmed', signedAs(`${text}\n`, text)],
  'an end that was added': ['ends trimmed', arrived(`${text}\r\n`)],
  'a mark in front': ['ends trimmed', arrived(`\ufeff${text}`)],
  entities: ['HTML entities', arrived(entities(text))],
  'read as Latin-1': ['wrong charset', arrived(Buffer.from(Buffer.from(text).toString('latin1')))],
  'read as GBK': [
    'wrong charset',
    signedAs('{"a":"中文字符"}', new TextDecoder('gbk').decode(Buffer.from('{"a":"中文字符"}'))),
  ],
  'made GBK': ['wrong charset', arrived(gbkBytes(text) ?? '')],
  'made UTF-16': ['wrong charset', arrived(Buffer.from(text, 'utf16le'))],
  'read as ASCII, which loses bytes': ['bytes lost', arrived(Buffer.from(text, 'latin1').toString('utf8'))],
  base64: ['base64 not undone', arrived(Buffer.from(text).toString('base64'))],
  'parsed and gone': ['body parsed', arrived('')],
  'parsed, and the headers left out': ['body parsed', { ...arrived(''), headers: {}, isBodyParsed: true }],
  'changed by somebody': ['changed on the way', arrived(text.replace('成功', '失败'))],
  'plus signs made spaces, since it was taken for a form': [
    'double decoding',
    signedAs(withPlus, withPlus.replaceAll('+', ' ')),
  ],
  'percent-encoded': ['double decoding', arrived(encodeURIComponent(text))],
  'an hour old': ['clock off', noticeCall(text, { at: NOW - 3_600_000 })],
  'an hour early': ['clock off', noticeCall(text, { at: NOW + 3_600_000 })],
  'an hour old, and written anew': [
    're-serialised JSON',
    { ...noticeCall(text, { at: NOW - 3_600_000 }), rawBody: Buffer.from(pretty) },
  ],
  'a probe': [
    'probe traffic',
    withHeader('wechatpay-signature', `WECHATPAY/SIGNTEST/${genuine.headers['wechatpay-signature']}`),
  ],
  'signed by another suite': [
    'other algorithm',
    withHeader('wechatpay-signature-type', 'WECHATPAY2-SM2-WITH-SM3'),
  ],
  'a header lost': ['headers lost', withHeader('wechatpay-nonce', undefined)],
  'a header lost, and the body as well': [
    'headers lost',
    { ...withHeader('wechatpay-nonce', undefined), rawBody: Buffer.from('{}') },
  ],
  'a header twice': ['headers lost', withHeader('wechatpay-nonce', 'a, a')],
  'signed by a certificate, under the id of the public key': [
    'wrong serial',
    noticeCall(text, { signer: { serial: PUBLIC_KEY_ID, privatePem: second.privatePem } }),
  ],
  'signed by the public key, under a serial nobody knows': [
    'wrong serial',
    noticeCall(text, {
      signer: { ...publicKeySigner, serial: 'PUB_KEY_ID_0000000000000000000000000000000000001' },
    }),
  ],
  'the same, and changed': [
    'wrong serial',
    {
      ...noticeCall(text, { signer: { serial: PUBLIC_KEY_ID, privatePem: second.privatePem } }),
      rawBody: Buffer.from(text.replace('成功', '失败')),
    },
  ],
  "under the merchant's own serial": [
    'own serial',
    noticeCall(text, { signer: { serial: MCH_SERIAL, privatePem: merchantKeys.privatePem } }),
  ],
  'by a key nobody knows, under a serial nobody knows': [
    'unknown serial',
    noticeCall(text, { signer: { serial: 'PUB_KEY_ID_7', privatePem: keyPair().privatePem } }),
  ],
  'by a key nobody knows, under a serial that is ours': [
    'other key',
    noticeCall(text, { signer: { ...publicKeySigner, privatePem: keyPair().privatePem } }),
  ],
  'sealed with the V2 key': [
    'V2 key for V3',
    noticeCall(noticeBody('payment', { apiKey: '0123456789abcdef0123456789ABCDEF' })),
    { key: '0123456789abcdef0123456789ABCDEF' },
  ],
  'the V2 key in both settings': [
    'V2 key for V3',
    noticeCall(noticeBody('payment', { apiKey: 'x'.repeat(32) })),
    { key: API_KEY },
  ],
  'sealed with a key nobody has': [
    'other key',
    noticeCall(noticeBody('payment', { apiKey: 'x'.repeat(32) })),
  ],
  'a notice of V2': [
    'other provider',
    { ...genuine, headers: {}, rawBody: Buffer.from('<xml><mch_id>1</mch_id><sign>x</sign></xml>') },
  ],
  'a notice of Alipay': [
    'other provider',
    { ...genuine, headers: {}, rawBody: Buffer.from('notify_id=1&trade_no=2&sign=x') },
  ],
}

for (const [name, [cause, call, changes]] of Object.entries(cases)) {
  t.test(name, async (t) => {
    t.match(await explained(call, changes), { cause })
  })
}

t.test('details say which key and by how much', async (t) => {
  const old = await explained(noticeCall(text, { at: NOW - 3_600_000 }))
  t.strictSame(old.detail, { en: '3600 s behind our clock', zh: '比本机时钟慢 3600 秒' })
  const early = await explained(noticeCall(text, { at: NOW + 400_000 }))
  t.equal(early.detail?.en, '400 s ahead of our clock')
  const crossed = noticeCall(text, { signer: { serial: PUBLIC_KEY_ID, privatePem: second.privatePem } })
  t.equal((await explained(crossed)).detail?.en, `signed by ${second.serial}`)
  const strange = (serial: string) =>
    explained(noticeCall(text, { signer: { serial, privatePem: keyPair().privatePem } }))
  t.equal(
    (await strange('PUB_KEY_ID_7')).detail?.en,
    `serial PUB_KEY_ID_7; WEIXIN_PAY_PUBLIC_KEY_ID: ${PUBLIC_KEY_ID}`,
  )
  t.match((await strange(PUBLIC_KEY_ID)).detail, {
    en: `not made with WEIXIN_PAY_PUBLIC_KEY, which should be the key of ${PUBLIC_KEY_ID}: compare`,
    zh: `它应为 ${PUBLIC_KEY_ID} 的公钥`,
  })
})

t.test("a refusal without a signature is WeChat Pay's way, a result without one is not", async (t) => {
  const { merchant: known } = v3Client(merchant, testDependencies(), rememberedCertificates())
  const about = { merchant: known, known: [], now: NOW }
  const answered = (status: number) =>
    explainAnswer(about, { status, headers: {}, body: Buffer.from('{}') }, 'signature missing')
  t.equal(answered(401), undefined)
  t.match(answered(200), { cause: 'headers lost' })
})

t.test('nonsense is not explained, and does no harm', async (t) => {
  for (const body of ['null', '[1]', '{', '"', '\u0000', '%%%', 'a'.repeat(60_000)]) {
    const call = { ...genuine, headers: { ...genuine.headers, ...vouch(publicKeySigner, 'other', NOW) } }
    const found = await explained({ ...call, rawBody: Buffer.from(body) })
    t.match(found.cause, /changed on the way/, body.slice(0, 10))
  }
})
