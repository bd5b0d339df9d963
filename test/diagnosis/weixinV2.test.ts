import { createCipheriv, createHash } from 'node:crypto'
import t from 'tap'
import { systemRandom } from '../../shared/clock.js'
import type { WeixinMerchant } from '../../shared/config/weixinMerchant.js'
import { gbkBytes } from '../../shared/diagnosis/charsets.js'
import { http } from '../../shared/http/http.js'
import { weixinV2 } from '../../shared/payment/weixin-v2/index.js'
import { readFlatXml } from '../../shared/xml/flatXml.js'
import { APP_ID, KEY, MCH_ID } from '../payment/house.js'
import { type Message, paid, signed, signedXml, xml } from '../payment/weixin-v2/message.js'
import { handClock } from '../support/clock.js'

/** What happens to a notice of WeChat Pay V2 on its way, and what the diagnosis says of it. */

const V3_KEY = 'fedcba9876543210fedcba9876543210'

const merchant: WeixinMerchant = {
  ...{ mchId: MCH_ID, apps: [{ appId: APP_ID, kind: 'mp' }], baseUrl: 'https://x.example.com', key: KEY },
  signType: 'MD5',
  v3: { key: V3_KEY, serialNo: '5'.repeat(40), privateKey: 'none', publicKeys: [] },
}

const dependencies = {
  ...{ http, clock: handClock(), random: systemRandom, timeLeft: () => 4000 },
  upstream: () => undefined,
}

async function explained(body: string | Buffer, headers: Record<string, string> = {}) {
  const provider = weixinV2(merchant, dependencies)
  const call = { method: 'POST', path: '/', query: {}, headers, rawBody: Buffer.from(body as Buffer) }
  const reading = await provider.readNotice(call)
  if (reading.authentic) throw new Error('it is authentic')
  return { reason: reading.reason, ...(await provider.explain(call, reading.reason)) }
}

const good = signedXml(paid({ attach: '一杯茶 <b> & "x"' }))
/** Signed with one value, and arrived with another. */
const changed = (name: string, sent: string, arrived: string): string =>
  xml({ ...signed(paid({ [name]: sent })), [name]: arrived })
const asObject = Object.fromEntries(readFlatXml(good))
const inLists = Object.fromEntries(Object.entries(asObject).map(([name, value]) => [name, [value]]))
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function sealed(key: string): string {
  const cipher = createCipheriv('aes-256-ecb', createHash('md5').update(key).digest('hex'), null)
  return cipher.update('<root></root>', 'utf8', 'base64') + cipher.final('base64')
}

const refund = (key: string): Message => ({ return_code: 'SUCCESS', mch_id: MCH_ID, req_info: sealed(key) })

const cases: Record<string, [cause: string, body: string | Buffer, headers?: Record<string, string>]> = {
  'signed by the other algorithm': ['other algorithm', signedXml(paid(), 'HMAC-SHA256')],
  'which it says of itself': [
    'other algorithm',
    signedXml(paid({ sign_type: 'HMAC-SHA256' }), 'HMAC-SHA256'),
  ],
  'signed with the V3 key': ['V3 key for V2', xml(signed(paid(), 'MD5', V3_KEY))],
  'signed with the V3 key by the other algorithm': [
    'V3 key for V2',
    xml(signed(paid(), 'HMAC-SHA256', V3_KEY)),
  ],
  'signed with a key nobody has': ['other key', xml(signed(paid(), 'MD5', '0'.repeat(32)))],
  'letters of the signature made small': [
    'letter case',
    good.replace(/<sign><!\[CDATA\[\w+/, (found) => found.slice(0, 15) + found.slice(15).toLowerCase()),
  ],
  'a value without the space at its end': ['ends trimmed', changed('attach', 'x ', 'x')],
  'a value without the space in front': ['ends trimmed', changed('attach', ' x', 'x')],
  'a value without the line end at its end': ['ends trimmed', changed('attach', 'x\n', 'x')],
  'white space around a value': ['ends trimmed', changed('attach', 'x', '\n  x\n')],
  'white space around the signature': [
    'ends trimmed',
    good.replace(/<sign><!\[CDATA\[\w+/, (found) => `${found}\n`),
  ],
  'entities in the values': ['HTML entities', changed('attach', '{"a":1}', escaped('{"a":1}'))],
  'entities undone once too often': ['double decoding', changed('attach', 'a &amp; b', 'a & b')],
  'a value decoded once before': ['double decoding', changed('attach', 'a%20b', 'a b')],
  'plus signs made spaces': ['double decoding', changed('attach', 'a+b', 'a b')],
  'line ends in a value': ['line ends changed', changed('attach', 'one\r\ntwo', 'one\ntwo')],
  'a value read as Latin-1': ['wrong charset', changed('attach', '茶', Buffer.from('茶').toString('latin1'))],
  'a value read as GBK': [
    'wrong charset',
    changed('attach', '中文', new TextDecoder('gbk').decode(Buffer.from('中文'))),
  ],
  'a value that lost its bytes': ['bytes lost', changed('attach', '茶', '\ufffd\ufffd')],
  'base64 that nobody announced': ['base64 not undone', Buffer.from(good).toString('base64')],
  'a refund in base64 that nobody announced': [
    'base64 not undone',
    Buffer.from(xml(refund(KEY))).toString('base64'),
  ],
  'all of it escaped': ['HTML entities', escaped(good)],
  'all of it made GBK': ['wrong charset', gbkBytes(good) ?? ''],
  'all of it made UTF-16': ['wrong charset', Buffer.from(good, 'utf16le')],
  'parsed, and written as JSON': ['re-serialised JSON', JSON.stringify({ xml: asObject })],
  'parsed into lists, and written as JSON': ['re-serialised JSON', JSON.stringify({ xml: inLists })],
  'a text in JSON': ['re-serialised JSON', JSON.stringify(good)],
  'percent-encoded': ['double decoding', encodeURIComponent(good)],
  'parsed and gone': ['body parsed', '', { 'content-length': '1200' }],
  'a refund sealed with the V3 key': ['V3 key for V2', xml(refund(V3_KEY))],
  'a refund sealed with a key nobody has': ['other key', xml(refund('nobody'))],
  'a notice of V3': [
    'other provider',
    '{"id":"1","resource":{"ciphertext":"x"}}',
    { 'wechatpay-signature': 'x' },
  ],
  'a notice of Alipay': ['other provider', 'notify_id=1&trade_no=2&sign=x'],
}

for (const [name, [cause, body, headers]] of Object.entries(cases)) {
  t.test(name, async (t) => {
    t.match(await explained(body, headers), { cause })
  })
}

t.test('base64 of any length, with and without padding', async (t) => {
  for (const attach of ['a', 'ab', 'abc']) {
    const body = Buffer.from(signedXml(paid({ attach }))).toString('base64')
    t.match(await explained(body), { cause: 'base64 not undone' }, attach)
  }
})

t.test('a key that was pasted twice', async (t) => {
  const forged = {
    method: 'POST',
    path: '/',
    query: {},
    headers: {},
    rawBody: Buffer.from(xml(signed(paid(), 'MD5', '0'.repeat(32)))),
  }
  const { v3 } = merchant
  const provider = weixinV2({ ...merchant, ...(v3 && { v3: { ...v3, key: KEY } }) }, dependencies)
  t.match(await provider.explain(forged, 'signature wrong'), {
    cause: 'other key',
    detail: { en: /WEIXIN_PAY_KEY is the same as WEIXIN_PAY_V3_KEY/ },
  })
})

t.test('nonsense is not explained, and does no harm', async (t) => {
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '"',
    '<xml/>',
    '\u0000',
    'a'.repeat(60_000),
    '<xml>'.repeat(9000),
  ]) {
    const { cause } = await explained(body)
    t.notOk(cause, body.slice(0, 10))
  }
})

t.test("a gateway's page in GBK is no message that lost bytes", async (t) => {
  t.notOk((await explained(gbkBytes('<html>网关错误</html>') ?? '')).cause)
})

t.test('many fields, and long ones, are not tried one by one', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, n) => [`f${n}`, 'x']))
  for (const beside of [many, { long: 'x'.repeat(9000) }]) {
    const sent = signed(paid({ ...beside, attach: 'x ' }))
    t.match(await explained(xml({ ...sent, attach: 'x' })), { cause: 'other key' })
  }
})
