import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { rsaPrivateKey, rsaPublicKey, rsaSign, rsaVerify } from '../../shared/crypto/index.js'

const { keys, vectors } = JSON.parse(
  readFileSync(new URL('../vectors/payment-vectors.json', import.meta.url), 'utf8'),
) as {
  keys: Record<string, Record<string, string>>
  vectors: { id: string; input: Record<string, string>; expected: Record<string, string> }[]
}

function vector(id: string) {
  const found = vectors.find((each) => each.id === id)
  if (!found) throw new Error(`no vector ${id}`)
  return found
}

const app = keys['alipay-sdk-test-app'] ?? {}
const { pkcs1Pem = '', pkcs8Pem = '', pkcs1RawBase64 = '', pkcs8RawBase64 = '', publicKeyPem = '' } = app

t.test('alipay-key-formats: a private key however it is written', async (t) => {
  const { signatureOf_hello_pkcs1 } = vector('alipay-key-formats').expected
  const forms = {
    pkcs1Pem,
    pkcs8Pem,
    pkcs1RawBase64,
    pkcs8RawBase64,
    'with \\n for line breaks': pkcs8Pem.replaceAll('\n', '\\n'),
    'with CRLF': pkcs1Pem.replaceAll('\n', '\r\n'),
    'with spaces around': `\n  ${pkcs8RawBase64}  \n`,
    'wrong armour': pkcs1Pem.replaceAll('RSA PRIVATE', 'PRIVATE'),
    'text in front': `Bag Attributes\n    friendlyName: x\n${pkcs8Pem}`,
  }
  for (const [name, text] of Object.entries(forms)) {
    t.equal(rsaSign('sha256', rsaPrivateKey(text), 'hello'), signatureOf_hello_pkcs1, name)
  }
})

t.test('a public key however it is written', async (t) => {
  const signature = rsaSign('sha256', rsaPrivateKey(pkcs8Pem), 'hello')
  const bare = publicKeyPem.replace(/-----[^-]+-----|\s/g, '')
  const pkcs1 = rsaPublicKey(publicKeyPem).export({ type: 'pkcs1', format: 'pem' }).toString()
  for (const [name, text] of Object.entries({ publicKeyPem, bare, pkcs1 })) {
    t.ok(rsaVerify('sha256', rsaPublicKey(text), 'hello', signature), name)
  }
})

t.test('a certificate gives its key', async (t) => {
  for (const id of ['wxv3-go-verify-platform-cert', 'wxv3-java-sign-message']) {
    const { message = '', signature = '', certificatePem = '' } = vector(id).input
    t.ok(rsaVerify('sha256', rsaPublicKey(certificatePem), message, signature), id)
    t.notOk(rsaVerify('sha256', rsaPublicKey(certificatePem), `wrong_${message}`, signature), id)
  }
})

t.test('a key is parsed once', async (t) => {
  t.equal(rsaPrivateKey(pkcs8Pem), rsaPrivateKey(pkcs8Pem))
  t.equal(rsaPublicKey(publicKeyPem), rsaPublicKey(publicKeyPem))
})

t.test('what is no RSA key is refused without being repeated', async (t) => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecPem = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  for (const text of ['', 'secret', 'c2VjcmV0', publicKeyPem, ecPem, pkcs8Pem.slice(0, 300)]) {
    t.throws(() => rsaPrivateKey(text), new Error('not an RSA private key: expected PEM or its base64'))
  }
  t.throws(() => rsaPublicKey(pkcs8Pem), new Error('not an RSA public key: expected PEM or its base64'))
})

t.test('nonsense for a signature is false, not an error', async (t) => {
  const key = rsaPublicKey(publicKeyPem)
  for (const text of ['', 'x', '????', 'WECHATPAY/SIGNTEST/abc', 'A'.repeat(344), 'A'.repeat(10_000)]) {
    t.equal(rsaVerify('sha256', key, 'hello', text), false)
  }
  const sha1 = rsaSign('sha1', rsaPrivateKey(pkcs8Pem), 'hello')
  t.ok(rsaVerify('sha1', key, 'hello', sha1))
  t.notOk(rsaVerify('sha256', key, 'hello', sha1), 'another hash')
})
