import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { md5Hex, openAes256Ecb, openAes256Gcm } from '../../shared/crypto/index.js'
import { fen, fenToYuan, yuanToFen } from '../../shared/money.js'
import { canonical, signature } from '../../shared/payment/weixin-v2/signature.js'
import { readFlatXml, XmlError } from '../../shared/xml/flatXml.js'

/** Every vector of the groups that this layer answers for, by id. */

interface Vector {
  id: string
  group: string
  input: Record<string, unknown>
  expected: Record<string, unknown>
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../vectors/payment-vectors.json', import.meta.url), 'utf8'),
) as {
  vectors: Vector[]
}

type Params = Record<string, string | null>
type Check = (t: Test, vector: Vector) => void

const str = (value: unknown): string => String(value)

const checks: Record<string, Check> = {
  'wechat-v2-sign': (t, { input, expected }) => {
    if (expected.md5hex !== undefined) return void t.equal(md5Hex(str(input.stringToSign)), expected.md5hex)
    const params = Object.entries(input.params as Params)
    const key = str(input.key)
    t.equal(`${canonical(params)}&key=${key}`, input.stringToSign)
    const type = str(expected.sign).length === 32 ? 'MD5' : 'HMAC-SHA256'
    t.equal(signature(params, key, type), expected.sign)
    if (expected.md5SignIfSignTypeMd5 === undefined) return
    const asMd5 = params.map(([name, value]) => [name, name === 'sign_type' ? 'MD5' : value] as const)
    t.equal(signature(asMd5, key, 'MD5'), expected.md5SignIfSignTypeMd5)
  },
  'wechat-v2-paysign': (t, { input, expected }) => {
    const params = Object.entries(input.params as Params)
    const key = str(input.key)
    t.equal(`${canonical(params)}&key=${key}`, input.stringToSign)
    const { paySign, signMd5, signHmacSha256 } = expected
    if (paySign !== undefined) {
      t.equal(signature(params, key, str(paySign).length === 32 ? 'MD5' : 'HMAC-SHA256'), paySign)
    } else {
      t.equal(signature(params, key, 'MD5'), signMd5)
      t.equal(signature(params, key, 'HMAC-SHA256'), signHmacSha256)
    }
  },
  'wechat-v2-canonical': (t, { input, expected }) => {
    if (expected.canonical !== undefined) {
      return void t.equal(canonical(Object.entries(input.params as Params)), expected.canonical)
    }
    const order = canonical((input.keys as string[]).map((key) => [key, '1'])).split('&')
    t.strictSame(
      order.map((pair) => pair.split('=')[0]),
      expected.sorted,
    )
  },
  'wechat-v2-xml': (t, { input, expected }) => {
    if (expected.rejected) return void t.throws(() => readFlatXml(str(input.xml)), XmlError)
    const fields = readFlatXml(str(input.xml))
    for (const [name, value] of Object.entries(expected.fields as Params))
      t.equal(fields.get(name), value, name)
    t.notOk(fields.has('constructor'))
  },
  'wechat-v2-refund-notify': (t, { input, expected }) => {
    if (input.merchantKey === undefined) {
      return void t.equal(openAes256Ecb(str(input.keyAscii), str(input.ciphertext)), expected.plaintext)
    }
    t.equal(md5Hex(str(input.merchantKey)), input.aesKeyAscii)
    const xml = openAes256Ecb(md5Hex(str(input.merchantKey)), str(input.req_info))
    t.equal(xml, expected.xml)
    t.equal(readFlatXml(xml, 'root').get('refund_status'), 'SUCCESS')
  },
  'wechat-v3-gcm': (t, { id, input, expected }) => {
    const open = () =>
      openAes256Gcm(
        {
          key: Buffer.from(str(input.key)),
          nonce: Buffer.from(str(input.nonce)),
          associatedData: Buffer.from(str(input.associated_data)),
        },
        Buffer.from(str(input.ciphertext), 'base64'),
      ).toString()
    if (CIPHER_ONLY.has(id)) t.throws(open, /not opened/)
    else t.equal(open(), expected.plaintext)
  },
  money: (t, { id, input, expected }) => {
    if (id === 'money-fen-to-yuan') {
      t.strictSame(
        (input.fen as number[]).map((amount) => fenToYuan(fen(amount))),
        expected.yuan,
      )
    } else {
      t.strictSame(
        (input.yuan as string[]).map((text) => yuanToFen(text, 'totalFee')),
        expected.fen,
      )
    }
  },
}

/** They test the cipher with a key or a nonce that no notice has; to open them would be the mistake. */
const CIPHER_ONLY = new Set(['wxv3-go-gcm-hello', 'wxv3-axios-gcm-hello', 'wxv3-axios-gcm-empty'])

for (const vector of vectors) {
  const check = checks[vector.group]
  if (check) t.test(vector.id, async (t) => check(t, vector))
}

t.test('each group was there', async (t) => {
  const groups = new Set(vectors.map(({ group }) => group))
  t.strictSame(
    Object.keys(checks).filter((group) => !groups.has(group)),
    [],
  )
})
