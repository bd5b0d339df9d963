import t from 'tap'
import { systemClock } from '../../shared/clock.js'
import { oneLine } from '../../tools/emulator/platforms/certificates/index.js'
import { certificate, DAY_MS, keyText, newKeys, pfx, pfxWithoutKey, publicText } from './support/certified.js'
import { runDoctor, startDeployment } from './support/deployment.js'

const now = systemClock.now()

t.test('the client certificate of V2', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const base = healthy('weixin-v2')
  const { mchId: name } = platforms.merchant
  const { keys, serialNo } = platforms.files
  const wish = { name, keys, serialNo }
  const asPfx = (file: string) => ({ WEIXIN_PAY_CERT: '', WEIXIN_PAY_CERT_KEY: '', WEIXIN_PAY_PFX: file })
  const asPem = (pem: string) => ({ WEIXIN_PAY_CERT: oneLine(pem) })
  await finds(t, base, [
    { name: 'none', change: asPfx(''), finds: ['weixinPay.certificate/none'] },
    {
      name: 'a certificate without its key',
      change: { WEIXIN_PAY_CERT_KEY: '' },
      finds: ['weixinPay.certificate/half'],
    },
    {
      name: 'a path that leads nowhere',
      change: { WEIXIN_PAY_CERT: './apiclient_cert.pem' },
      finds: ['weixinPay.certificate/unreadable'],
    },
    { name: 'PEM for a .p12', change: asPfx(platforms.files.cert), finds: ['weixinPay.certificate/is-pem'] },
    {
      name: 'anything for a .p12',
      change: asPfx(Buffer.alloc(200, 'p12').toString('base64')),
      finds: ['weixinPay.certificate/not-pkcs12'],
    },
    {
      name: 'a .p12 under another passphrase',
      change: asPfx(pfx(wish, '1900000999')),
      finds: ['weixinPay.certificate/wrong-passphrase'],
    },
    {
      name: 'a .p12 without a key',
      change: asPfx(pfxWithoutKey(wish)),
      finds: ['weixinPay.certificate/incomplete'],
    },
    {
      name: 'the key of another certificate',
      change: { WEIXIN_PAY_CERT_KEY: keyText(newKeys()) },
      finds: ['weixinPay.certificate/key-mismatch'],
    },
    {
      name: 'the certificate of another merchant',
      change: asPem(certificate({ ...wish, name: '1900000999' })),
      finds: ['weixinPay.certificate/other-merchant'],
    },
    {
      name: 'an expired one',
      change: asPem(certificate({ ...wish, until: now - DAY_MS })),
      finds: ['weixinPay.certificate/expired'],
    },
    {
      name: 'one that expires in three weeks',
      change: asPem(certificate({ ...wish, until: now + 21 * DAY_MS })),
      finds: ['weixinPay.certificate/expires-soon'],
    },
    {
      name: 'one that WeChat Pay does not take any more',
      change: { WEIXIN_PAY_BASE_URL: platforms.url },
      finds: ['weixinPay.tls/refused'],
    },
  ])
})

t.test('a .p12 as WeChat writes it is good, and its RC2 is told of', async (t) => {
  const { platforms, healthy } = await startDeployment(t)
  const { WEIXIN_PAY_CERT, WEIXIN_PAY_CERT_KEY, ...env } = healthy('weixin-v2')
  const file = (kind: 'rc2' | 'aes') => ({ WEIXIN_PAY_PFX: platforms.files.pfx(kind).toString('base64') })
  const rc2 = await runDoctor({ ...env, ...file('rc2') })
  t.strictSame(rc2.errors, [])
  t.ok(rc2.rest.includes('weixinPay.certificate/rc2') && rc2.rest.includes('weixinPay.tls/accepted'))
  const aes = await runDoctor({ ...env, ...file('aes') })
  t.notOk(aes.rest.includes('weixinPay.certificate/rc2'))
})

t.test('the keys of V3', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const base = healthy('weixin-v3')
  const { serialNo, keys } = platforms.files
  const withCertificate = {
    ...healthy('weixin-v2', 'weixin-v3'),
    WEIXIN_PAY_CERT: oneLine(certificate({ name: platforms.merchant.mchId, keys, serialNo })),
  }
  const others = newKeys()
  await finds(t, base, [
    {
      name: 'a certificate for a private key',
      change: { WEIXIN_PAY_PRIVATE_KEY: oneLine(platforms.files.cert) },
      finds: ['weixinPay.v3Keys/private-key-unreadable'],
    },
    {
      name: 'a private key of 1024 bits',
      change: { WEIXIN_PAY_PRIVATE_KEY: keyText(newKeys(1024)) },
      finds: ['weixinPay.v3Keys/private-key-short'],
    },
    {
      name: 'a private key for a public one',
      change: { WEIXIN_PAY_PUBLIC_KEY: keyText(others) },
      finds: ['weixinPay.v3Keys/public-key-unreadable'],
    },
    {
      name: 'one’s own public key for that of WeChat Pay',
      change: { WEIXIN_PAY_PUBLIC_KEY: publicText(keys.publicKey) },
      finds: ['weixinPay.v3Keys/public-key-is-own'],
    },
    {
      name: 'the serial of another certificate, with the right one beside it',
      base: withCertificate,
      change: { WEIXIN_PAY_SERIAL_NO: '5'.padEnd(40, 'B') },
      finds: ['weixinPay.v3Keys/serial-mismatch'],
    },
    {
      name: 'the private key of another certificate, with the right one beside it',
      base: withCertificate,
      change: { WEIXIN_PAY_PRIVATE_KEY: keyText(others) },
      finds: ['weixinPay.v3Keys/key-mismatch'],
    },
    {
      name: 'a serial nobody knows',
      change: { WEIXIN_PAY_SERIAL_NO: '5'.padEnd(40, 'B') },
      finds: ['weixinPay.v3/serial-wrong'],
    },
    {
      name: 'the private key of another certificate',
      change: { WEIXIN_PAY_PRIVATE_KEY: keyText(others) },
      finds: ['weixinPay.v3/signature-wrong'],
    },
    {
      name: 'another public key under the right id',
      change: { WEIXIN_PAY_PUBLIC_KEY: publicText(others.publicKey) },
      finds: ['weixinPay.v3/public-key-wrong'],
    },
    {
      name: 'no public key, although there are no certificates',
      change: { WEIXIN_PAY_PUBLIC_KEY: '', WEIXIN_PAY_PUBLIC_KEY_ID: '' },
      finds: ['weixinPay.v3/public-key-missing'],
    },
    {
      name: 'the id of another public key',
      change: { WEIXIN_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000009990000' },
      finds: ['weixinPay.v3/public-key-id-wrong'],
    },
  ])
})
