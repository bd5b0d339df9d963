import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { topLevelMembers } from '../../shared/alipay/answer.js'
import { readMessage } from '../../shared/alipay/message.js'
import { canonical, certSn, fileCertSn, rootCertSn } from '../../shared/alipay/signature.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import {
  certificateNames,
  certificatesIn,
  rsaPrivateKey,
  rsaPublicKey,
  rsaSign,
  rsaVerify,
} from '../../shared/crypto/index.js'
import { keyApp, testDependencies } from './fixtures.js'

/** Every Alipay vector by id. What the specification names and the file does not have is derived elsewhere. */

interface Vector {
  id: string
  input: Record<string, unknown>
  expected: Record<string, unknown>
}

const { keys, vectors } = JSON.parse(
  readFileSync(new URL('../vectors/payment-vectors.json', import.meta.url), 'utf8'),
) as { keys: Record<string, Record<string, string>>; vectors: Vector[] }

const appKey = keys['alipay-sdk-test-app'] ?? {}
const str = (value: unknown): string => String(value)
const privateKey = () => rsaPrivateKey(str(appKey.pkcs1RawBase64))

const substring = (raw: string, key: string): string => {
  const bytes = Buffer.from(raw)
  const member = topLevelMembers(bytes)?.get(key)
  return member ? bytes.subarray(member.start, member.end).toString('utf8') : ''
}

const signed = (t: Test, { input, expected }: Vector): void => {
  const params = Object.entries(input.params as Record<string, string>)
  const hash = (input.params as Record<string, string>).sign_type === 'RSA' ? 'sha1' : 'sha256'
  const text = canonical(params)
  t.equal(text, expected.stringToSign)
  const sign = rsaSign(hash, privateKey(), text)
  t.equal(sign, expected.sign)
  if (expected.orderString === undefined) return
  const sorted = [...params].sort(([a], [b]) => (a < b ? -1 : 1))
  const order = [...sorted, ['sign', sign] as const]
  t.equal(
    order.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'),
    expected.orderString,
  )
}

const notifyApp = (input: Vector['input']): AlipayApp => {
  const { app_id: appId = '' } = input.params as Record<string, string>
  return keyApp({ appId, publicKey: str(input.publicKeyRawBase64), sellerId: undefined })
}

const checks: Record<string, (t: Test, vector: Vector) => unknown> = {
  'alipay-cert-sn-app': (t, { input, expected }) => {
    const [der] = certificatesIn(str(input.certificatePem))
    const names = certificateNames(der ?? Buffer.alloc(0))
    t.equal(certSn(names), expected.sn)
    t.equal(names.serial, expected.serialDecimal)
    const principal = [...names.issuer].reverse().map(([type, value]) => `${type}=${value}`)
    t.equal(principal.join(','), expected.principal)
  },
  'alipay-cert-sn-alipay-public': (t, { input, expected }) => {
    const file = str(input.certificateFile)
    t.equal(fileCertSn(file), expected.sn)
    t.equal(certificatesIn(file).length, expected.certificatesInFile)
    const spki = rsaPublicKey(file).export({ type: 'spki', format: 'der' }).toString('base64')
    t.equal(spki, expected.publicKeyBase64Spki)
  },
  'alipay-root-cert-sn': (t, { input, expected }) => {
    const file = str(input.rootFile)
    t.equal(rootCertSn(file), expected.sn)
    const each = certificatesIn(file).map(certificateNames)
    t.strictSame(
      each.map((names) => ({ signatureOid: names.signatureOid, sn: certSn(names) })),
      (expected.perCertificate as Record<string, string>[]).map(({ signatureOid, sn }) => ({
        signatureOid,
        sn,
      })),
    )
    t.equal(
      rootCertSn(`a line of text\r\n${file.replaceAll('\n', '\r\n')}`),
      rootCertSn(file),
      'CRLF, text in front',
    )
  },
  'alipay-response-verify-file-upload': (t, { input, expected }) => {
    const raw = str(input.rawResponse)
    const value = substring(raw, 'alipay_open_file_upload_response')
    t.equal(value, expected.signedSubstring)
    const { sign } = JSON.parse(raw) as { sign: string }
    const key = rsaPublicKey(str(input.publicKeyPem))
    t.equal(rsaVerify('sha256', key, value, sign), expected.valid)
    t.notOk(rsaVerify('sha256', key, value.replace('10000', '10001'), sign), 'one digit changed')
  },
  'alipay-raw-substring-plain': (t, { input, expected }) =>
    t.equal(substring(str(input.rawResponse), str(input.responseKey)), expected.signedSubstring),
  'alipay-raw-substring-whitespace': (t, { input, expected }) =>
    t.equal(substring(str(input.rawResponse), str(input.responseKey)), expected.signedSubstring),
  'alipay-notify-trade-success': async (t, { input, expected }) => {
    const reading = await readMessage(
      { app: notifyApp(input), dependencies: testDependencies() },
      Buffer.from(str(input.form)),
      undefined,
    )
    t.equal(reading.authentic, expected.valid)
    const fields = reading.authentic ? Object.fromEntries(reading.fields) : {}
    t.strictSame(fields, input.params)
    t.equal(canonical(Object.entries(fields), ['sign_type']), expected.stringToVerify)
  },
  'alipay-notify-trade-tampered': async (t, { input, expected }) => {
    const body = new URLSearchParams(input.params as Record<string, string>).toString()
    const reading = await readMessage(
      { app: notifyApp(input), dependencies: testDependencies() },
      Buffer.from(body),
      undefined,
    )
    t.equal(reading.authentic, expected.valid)
    t.strictSame(reading, { authentic: false, reason: 'signature wrong' })
  },
  'alipay-key-formats': (t, { expected }) => {
    for (const form of ['pkcs1RawBase64', 'pkcs8RawBase64', 'pkcs1Pem', 'pkcs8Pem']) {
      t.equal(
        rsaSign('sha256', rsaPrivateKey(str(appKey[form])), 'hello'),
        expected.signatureOf_hello_pkcs1,
        form,
      )
    }
  },
  'alipay-app-pay-order-string': signed,
  'alipay-request-sign-rsa-sha1': signed,
  'alipay-oauth-token-request': signed,
  'alipay-v3-authorization': (t, { input, expected }) => {
    const sign = rsaSign('sha256', privateKey(), str(input.stringToSign))
    t.equal(`ALIPAY-SHA256withRSA ${str(input.authString)},sign=${sign}`, expected.authorization)
  },
}

for (const vector of vectors.filter(({ id }) => id.startsWith('alipay'))) {
  t.test(vector.id, async (t) => {
    const check = checks[vector.id]
    t.ok(check, 'there is a check for this vector')
    await check?.(t, vector)
  })
}

t.test('each vector was there', async (t) => {
  const ids = vectors.map(({ id }) => id)
  t.strictSame(
    Object.keys(checks).filter((id) => !ids.includes(id)),
    [],
  )
})

t.test('the numbers of certificates are md5 of the name and the decimal serial', async (t) => {
  const names = {
    issuer: [
      ['C', 'CN'],
      ['O', 'a,b+"c"'],
      ['CN', 'x'],
    ],
    subject: [],
    serial: '9',
    signatureOid: '1',
  }
  const expected = createHash('md5').update('CN=x,O=a,b+"c",C=CN9').digest('hex')
  t.equal(certSn(names as never), expected, 'nothing in a name is escaped')
})
