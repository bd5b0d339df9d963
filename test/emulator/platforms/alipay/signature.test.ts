import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { SignType } from '../../../../tools/emulator/platforms/alipay/account.js'
import {
  decoded,
  encoded,
  readForm,
  readOrderString,
  writeForm,
} from '../../../../tools/emulator/platforms/alipay/form.js'
import { isSigned, signatureOf, signedText } from '../../../../tools/emulator/platforms/alipay/message.js'

/** The judge's own tools, by vectors that are not its own. */

interface Vector {
  id: string
  input: { params: Record<string, string>; form?: string }
  expected: { sign: string; stringToSign: string; orderString?: string }
}

const { keys, vectors } = JSON.parse(
  readFileSync(new URL('../../../vectors/payment-vectors.json', import.meta.url), 'utf8'),
) as { keys: Record<string, Record<string, string>>; vectors: Vector[] }

const named = (id: string): Vector => {
  const vector = vectors.find((candidate) => candidate.id === id)
  if (!vector) throw new Error(`no vector ${id}`)
  return vector
}

const der = Buffer.from(keys['alipay-sdk-test-app']?.pkcs1RawBase64 ?? '', 'base64')
const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs1' })
const publicKey = createPublicKey(privateKey)

for (const id of [
  'alipay-app-pay-order-string',
  'alipay-request-sign-rsa-sha1',
  'alipay-oauth-token-request',
]) {
  t.test(`the judge signs as ${id} says`, async (t) => {
    const { input, expected } = named(id)
    const type = input.params.sign_type as SignType
    t.equal(signedText(input.params), expected.stringToSign)
    t.equal(signatureOf(Buffer.from(expected.stringToSign), privateKey, type), expected.sign)
    const whole = { ...input.params, sign: expected.sign }
    t.equal(isSigned(whole, publicKey, type, 'utf-8'), true)
    t.equal(isSigned({ ...whole, empty: '' }, publicKey, type, 'utf-8'), true)
    t.equal(isSigned({ ...whole, more: '1' }, publicKey, type, 'utf-8'), false)
    t.equal(isSigned(whole, publicKey, type === 'RSA' ? 'RSA2' : 'RSA', 'utf-8'), false)
  })
}

t.test('the judge reads an order string as alipay-app-pay-order-string writes it', async (t) => {
  const { input, expected } = named('alipay-app-pay-order-string')
  const read = readOrderString(expected.orderString ?? '')
  t.strictSame({ ...read }, { ...input.params, sign: expected.sign })
})

t.test('the judge reads a form as alipay-notify-trade-success has it', async (t) => {
  const { input } = named('alipay-notify-trade-success')
  t.strictSame({ ...readForm(input.form ?? '', 'utf-8') }, input.params)
})

t.test('what is written in either charset is read again, and by others', async (t) => {
  const fields = { subject: '测试 50% + more & "x" *-._~', name: '杭州某某科技有限公司' }
  for (const charset of ['utf-8', 'gbk'] as const) {
    t.strictSame({ ...readForm(writeForm(fields, charset), charset) }, fields)
  }
  const theirs = Object.fromEntries(new URLSearchParams(writeForm(fields, 'utf-8')))
  t.strictSame(theirs, fields)
  t.equal(encoded('支付宝', 'gbk').toString('hex'), 'd6a7b8b6b1a6')
  t.equal(decoded(Buffer.from('d6a7b8b6b1a6', 'hex'), 'gbk'), '支付宝')
  t.equal(encoded('a😀', 'gbk').toString('hex'), '619439fc36')
})

t.test('what Alipay calls GBK is GB18030: also what has four bytes, and the euro', async (t) => {
  const known = { '€': 'a2e3', 䶮: 'fe9f', 𠮷: '9534b235', 茶: 'b2e8', 한: '83368433', a: '61' }
  for (const [sign, hex] of Object.entries(known)) {
    t.equal(encoded(sign, 'gbk').toString('hex'), hex, sign)
    t.equal(decoded(Buffer.from(hex, 'hex'), 'gbk'), sign)
  }
})
