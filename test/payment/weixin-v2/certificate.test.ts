import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import t from 'tap'
import { OpenapiError } from '../../../shared/errors/index.js'
import { clientCertificate } from '../../../shared/payment/weixin-v2/certificate.js'
import type { V2Merchant } from '../../../shared/payment/weixin-v2/signature.js'
import {
  issue,
  keyPair,
  merchantFiles,
  privatePem,
} from '../../../tools/emulator/platforms/certificates/index.js'
import { startLocalPlatforms } from '../../../tools/emulator/platforms/index.js'
import { APP_ID, KEY, MCH_ID, openHouse } from '../house.js'

const files = merchantFiles(MCH_ID)
const NOW = Date.UTC(2050, 0, 1)

const merchant = (changes: Partial<V2Merchant>): V2Merchant => ({
  ...{ mchId: MCH_ID, apps: [{ appId: APP_ID, kind: 'mp' }], baseUrl: 'https://localhost', key: KEY },
  signType: 'MD5',
  ...changes,
})

const read = (changes: Partial<V2Merchant>) => clientCertificate(merchant(changes), NOW)

async function refusal(changes: Partial<V2Merchant>): Promise<string> {
  try {
    await read(changes)
  } catch (error) {
    if (error instanceof OpenapiError) return `${error.errCode} ${error.errMsg}`
    throw error
  }
  return 'none'
}

const base64 = (text: string | Buffer) => Buffer.from(text as Buffer).toString('base64')

t.test(
  'OpenSSL refuses the file that WeChat Pay hands out, which is why another reader is used',
  async (t) => {
    t.throws(() => createSecureContext({ pfx: files.pfx('rc2'), passphrase: MCH_ID }), /unsupported/i)
  },
)

t.test('every way in which the certificate may be set', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const at = (name: string, content: string | Buffer) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const ways: Record<string, Partial<V2Merchant>> = {
    'a .p12 of today, base64': { pfx: base64(files.pfx('aes')) },
    'a .p12 under RC2, base64': { pfx: base64(files.pfx('rc2')) },
    'a .p12 under RC2, by path': { pfx: at('apiclient_cert.p12', files.pfx('rc2')) },
    'two PEM texts': { cert: files.cert, certKey: files.key },
    'two PEM texts with line breaks written out': {
      cert: files.cert.replaceAll('\n', '\\n'),
      certKey: files.key.replaceAll('\n', '\\n'),
    },
    'two PEM texts as base64': { cert: base64(files.cert), certKey: base64(files.key) },
    'two PEM files by path': { cert: at('cert.pem', files.cert), certKey: at('key.pem', files.key) },
    'a file of both kinds': { pfx: base64(files.pfx('rc2')), cert: 'not looked at' },
  }
  for (const [name, way] of Object.entries(ways)) {
    const pair = await read(way)
    t.equal(pair.cert.replaceAll('\r', ''), files.cert, name)
    t.doesNotThrow(() => createSecureContext(pair), `${name}: TLS takes it`)
    t.equal(await read(way), pair, 'read once')
  }
})

t.test('what is wrong is said by the name of the setting, and nothing secret is', async (t) => {
  const strangers = privatePem(keyPair('stranger'))
  const serialNo = '5'.padEnd(40, '1')
  const expired = issue({ name: MCH_ID, serialNo, keys: files.keys, until: NOW - 1000 })
  const wrong: [string, Partial<V2Merchant>, RegExp][] = [
    ['nothing', {}, /^MISSING_SETTING .*merchant 1900000109.*WEIXIN_PAY_PFX, or WEIXIN_PAY_CERT and/],
    ['half a pair', { cert: files.cert }, /^MISSING_SETTING .*set WEIXIN_PAY_CERT_KEY,/],
    ['the other half', { certKey: files.key }, /^MISSING_SETTING .*set WEIXIN_PAY_CERT,/],
    [
      "another merchant's file",
      { mchId: '1900000110', pfx: base64(files.pfx('rc2')) },
      /merchant id 1900000110/,
    ],
    ['a file cut short', { pfx: base64(files.pfx('aes').subarray(0, 500)) }, /WEIXIN_PAY_PFX: not a PKCS#12/],
    ['something else', { pfx: base64(Buffer.alloc(500, 7)) }, /WEIXIN_PAY_PFX: not a PKCS#12/],
    ['PEM in its place', { pfx: files.cert }, /WEIXIN_PAY_PFX: is PEM; set WEIXIN_PAY_CERT/],
    ['no such file', { pfx: '/nowhere/apiclient_cert.p12' }, /WEIXIN_PAY_PFX: neither PEM, nor base64/],
    ['the two changed over', { cert: files.key, certKey: files.cert }, /WEIXIN_PAY_CERT_KEY: cannot be read/],
    [
      'no certificate',
      { cert: base64(Buffer.alloc(500, 7)), certKey: files.key },
      /PAY_CERT: cannot be read/,
    ],
    ["a stranger's key", { cert: files.cert, certKey: strangers }, /is not the key of the certificate/],
    ['an old one', { cert: expired, certKey: files.key }, /WEIXIN_PAY_CERT: expired on Dec 31 23:59:59 2049/],
  ]
  for (const [name, changes, pattern] of wrong) {
    const said = await refusal(changes)
    t.match(said, pattern, name)
    t.notMatch(said, /BEGIN|MII/, name)
  }
})

t.test('a refund over real TLS, with the file as WeChat Pay encrypts it', async (t) => {
  const house = await openHouse(t)
  const platforms = await startLocalPlatforms({ clock: house.clock })
  t.teardown(() => platforms.close())
  const { WEIXIN_PAY_CERT: _cert, WEIXIN_PAY_CERT_KEY: _key, ...settings } = platforms.settings()
  Object.assign(house.env, settings, { WEIXIN_APP_ID: platforms.app.appId })
  const openid = platforms.openid('alice')
  await house.server('createOrder', { outTradeNo: 'T20500101', totalFee: 1999, body: 'tea', openid })
  const { orderInfo } = await house.server('getOrderInfo', { outTradeNo: 'T20500101' })
  platforms.faults.next('weixin-pay-v2.notice', 'dropped')
  await platforms.requestPayment(orderInfo as Record<string, string>)
  const refund = { outTradeNo: 'T20500101', outRefundNo: 'R1', refundFee: 1999 }
  const bare = await house.server('refund', refund)
  t.match(bare, { errCode: 'MISSING_SETTING', errMsg: /WEIXIN_PAY_PFX/ })
  const certificates = merchantFiles(platforms.merchant.mchId)
  house.env.WEIXIN_PAY_PFX = base64(certificates.pfx('rc2'))
  t.match(await house.server('refund', refund), { errCode: 0, refundStatus: 'PROCESSING', refundFee: 1999 })
  t.match(await house.server('downloadFundflow', { billDate: '20500101' }), {
    errCode: 0,
    content: /^记账时间,/,
  })
})

t.test('only what moves money, or lists it, may read the certificate', async (t) => {
  const { orderQuery } = await import('../../../shared/payment/operations/orderQuery.js')
  const { verifyPaymentNotify } = await import('../../../shared/payment/operations/verifyNotify.js')
  const { refund } = await import('../../../shared/payment/operations/refund.js')
  const reads = ({ settings }: { settings: readonly string[] }) => settings.includes('WEIXIN_PAY_PFX')
  t.strictSame([orderQuery, verifyPaymentNotify, refund].map(reads), [false, false, true])
})
