import fc from 'fast-check'
import t from 'tap'
import { openAes256Ecb, openAes256Gcm, sealAes256Ecb, sealAes256Gcm } from '../../shared/crypto/index.js'

const key = Buffer.alloc(32, 1)
const nonce = Buffer.alloc(12, 2)
const associatedData = Buffer.from('transaction')
const sealed = sealAes256Gcm({ key, nonce, associatedData }, Buffer.from('hello'))

t.test('GCM opens what was sealed', async () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (text, beside) => {
      const box = { key, nonce, associatedData: Buffer.from(beside) }
      return openAes256Gcm(box, sealAes256Gcm(box, Buffer.from(text))).equals(Buffer.from(text))
    }),
  )
})

t.test('GCM opens nothing else, and does not say why', async (t) => {
  const flipped = (at: number) => Buffer.from(sealed.map((byte, n) => (n === at ? byte ^ 1 : byte)))
  const wrong: [string, () => Buffer][] = [
    ['a short key', () => openAes256Gcm({ key: key.subarray(16), nonce, associatedData }, sealed)],
    ['a long key', () => openAes256Gcm({ key: Buffer.alloc(33), nonce, associatedData }, sealed)],
    ['another key', () => openAes256Gcm({ key: Buffer.alloc(32), nonce, associatedData }, sealed)],
    ['a nonce of 16', () => openAes256Gcm({ key, nonce: Buffer.alloc(16), associatedData }, sealed)],
    ['no nonce', () => openAes256Gcm({ key, nonce: Buffer.alloc(0), associatedData }, sealed)],
    ['no associated data', () => openAes256Gcm({ key, nonce }, sealed)],
    ['a changed text', () => openAes256Gcm({ key, nonce, associatedData }, flipped(0))],
    ['a changed tag', () => openAes256Gcm({ key, nonce, associatedData }, flipped(sealed.length - 1))],
    ['a cut tag', () => openAes256Gcm({ key, nonce, associatedData }, sealed.subarray(0, -1))],
    ['less than a tag', () => openAes256Gcm({ key, nonce, associatedData }, sealed.subarray(0, 15))],
    ['nothing', () => openAes256Gcm({ key, nonce, associatedData }, Buffer.alloc(0))],
  ]
  const messages = new Set<string>()
  for (const [name, open] of wrong) {
    try {
      open()
      t.fail(name)
    } catch (error) {
      messages.add(String(error))
    }
  }
  t.equal(messages.size, 1, 'one error for all')
})

t.test('ECB opens what was sealed, and refuses a wrong key and broken bytes', async (t) => {
  const ascii = '0123456789abcdef0123456789abcdef'
  const text = sealAes256Ecb(ascii, '<root/>支付')
  t.equal(openAes256Ecb(ascii, text), '<root/>支付')
  t.throws(() => openAes256Ecb('short', text))
  t.throws(() => openAes256Ecb(ascii, text.slice(0, 10)))
  t.throws(() => openAes256Ecb(ascii, ''))
})
