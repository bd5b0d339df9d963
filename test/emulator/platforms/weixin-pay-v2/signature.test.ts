import { readFileSync } from 'node:fs'
import t from 'tap'
import {
  isSigned,
  type SignType,
  signatureOf,
} from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { readXml, writeXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'

interface Vector {
  id: string
  group: string
  algorithm: string
  input: { params?: Record<string, string>; key?: string; xml?: string }
  expected: { sign?: string; paySign?: string; signMd5?: string; signHmacSha256?: string; rejected?: boolean }
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../../vectors/payment-vectors.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] }

const named = (id: string): Vector => {
  const vector = vectors.find((candidate) => candidate.id === id)
  if (!vector) throw new Error(`no vector ${id}`)
  return vector
}

for (const id of [
  'wxv2-sign-md5-doc',
  'wxv2-sign-hmac-doc',
  'wxv2-jsapi-paysign-md5',
  'wxv2-jsapi-paysign-hmac-sha256',
  'wxv2-derived-utf8-special',
]) {
  t.test(`the judge signs as ${id} says`, async (t) => {
    const { input, expected, algorithm } = named(id)
    const sign = expected.sign ?? expected.paySign ?? ''
    const { params = {}, key = '' } = input
    t.equal(signatureOf(params, algorithm as SignType, key), sign)
    t.equal(isSigned({ ...params, sign }, algorithm as SignType, key), true)
    t.equal(isSigned({ ...params, sign: sign.toLowerCase() }, algorithm as SignType, key), false)
    t.equal(isSigned({ ...params, more: '1', sign }, algorithm as SignType, key), false)
  })
}

t.test('the judge signs app parameters as wxv2-derived-app-paysign says', async (t) => {
  const { input, expected } = named('wxv2-derived-app-paysign')
  t.equal(signatureOf(input.params ?? {}, 'MD5', input.key ?? ''), expected.signMd5)
  t.equal(signatureOf(input.params ?? {}, 'HMAC-SHA256', input.key ?? ''), expected.signHmacSha256)
})

t.test('names are sorted by their bytes, capitals first', async (t) => {
  const sorted = signatureOf({ REMARK: 'a', RE_OPENID: 'b', re_openid: 'c', remark: 'd' }, 'MD5', 'k')
  t.equal(sorted, signatureOf({ remark: 'd', re_openid: 'c', RE_OPENID: 'b', REMARK: 'a' }, 'MD5', 'k'))
  t.equal(sorted, '631A7B85E9BA3464AD11B9C067055F6B')
})

t.test('flat XML in every usual dress is read', async (t) => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<xml>
  <a><![CDATA[one
two]]></a>
  <b> edge </b><c/><d></d><e>a&amp;b&#x4e2d;&#25991;</e><f>1<![CDATA[<2>]]>3</f>
  <__proto__>own</__proto__>
</xml>
`
  const message = readXml(text)
  t.strictSame(Object.entries(message), [
    ['a', 'one\ntwo'],
    ['b', ' edge '],
    ['c', ''],
    ['d', ''],
    ['e', 'a&b中文'],
    ['f', '1<2>3'],
    ['__proto__', 'own'],
  ])
})

for (const [what, text] of [
  ['a DOCTYPE', named('wxv2-xml-xxe').input.xml ?? ''],
  ['a page', named('wxv2-xml-html404').input.xml ?? ''],
  ['elements within elements', '<xml><a><b>1</b></a></xml>'],
  ['a name twice', '<xml><a>1</a><a>2</a></xml>'],
  ['attributes', '<xml><a b="1">1</a></xml>'],
  ['half a document', '<xml><a>1</a><b><![CDATA[2]'],
  ['something behind', '<xml><a>1</a></xml>more'],
  ['an unknown entity', '<xml><a>&nbsp;</a></xml>'],
] as const) {
  t.test(`${what} is no message`, async (t) => {
    t.throws(() => readXml(text))
  })
}

t.test('what is written is read again, CDATA ends included', async (t) => {
  const message = { a: 'x]]>y', total_fee: '100', b: '', out_trade_no: '123456', c: 'a&b<c>"\'\n 支付' }
  t.strictSame({ ...readXml(writeXml(message)) }, message)
})
