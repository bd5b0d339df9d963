import { createPublicKey } from 'node:crypto'
import t from 'tap'
import { systemClock } from '../../shared/clock.js'
import { rsaPrivateKey } from '../../shared/crypto/index.js'
import { ELLIPTIC_ROOT } from '../../tools/emulator/platforms/alipay/keys/certificates.js'
import { type KeyPair, oneLine } from '../../tools/emulator/platforms/certificates/index.js'
import { certify, otherRoot } from '../alipay/authority.js'
import { certificate, DAY_MS, keyText, newKeys, publicText } from './support/certified.js'
import { runDoctor, startDeployment } from './support/deployment.js'
import { relayTo } from './support/relay.js'

/** The pair of a private key as settings hold it. */
function pairOf(text = ''): KeyPair {
  const privateKey = rsaPrivateKey(text)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

t.test('Alipay in key mode', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const base = healthy('alipay')
  const own = pairOf(base.ALIPAY_PRIVATE_KEY)
  const others = newKeys()
  const refusing = async (code: string, subCode: string) => ({
    ALIPAY_GATEWAY_URL: `${await relayTo(t, platforms.url, {
      '/gateway.do': () =>
        JSON.stringify({ error_response: { code, msg: '', sub_code: subCode, sub_msg: '' } }),
    })}/gateway.do`,
  })
  await finds(t, base, [
    {
      name: 'no private key',
      change: { ALIPAY_PRIVATE_KEY: '' },
      finds: ['alipay.keys/private-key-missing'],
    },
    {
      name: 'a public key for the private one',
      change: { ALIPAY_PRIVATE_KEY: publicText(own.publicKey) },
      finds: ['alipay.keys/private-key-unreadable'],
    },
    {
      name: 'a private key of 1024 bits',
      change: { ALIPAY_PRIVATE_KEY: keyText(newKeys(1024)) },
      finds: ['alipay.keys/key-short'],
    },
    {
      name: 'anything for Alipay’s public key',
      change: { ALIPAY_PUBLIC_KEY: Buffer.alloc(200, 'key').toString('base64') },
      finds: ['alipay.keys/public-key-unreadable'],
    },
    {
      name: 'the application’s public key for Alipay’s',
      change: { ALIPAY_PUBLIC_KEY: publicText(own.publicKey) },
      finds: ['alipay.keys/application-key'],
    },
    {
      name: 'no key of Alipay',
      change: { ALIPAY_PUBLIC_KEY: '' },
      finds: ['alipay.keys/no-verification'],
    },
    { name: 'no seller', change: { ALIPAY_SELLER_ID: '' }, finds: ['alipay.keys/no-seller'] },
    {
      name: 'the key of another application for Alipay’s',
      change: { ALIPAY_PUBLIC_KEY: publicText(others.publicKey) },
      finds: ['alipay.gateway/alipay-key-wrong'],
    },
    {
      name: 'a private key whose public half is not in the console',
      change: { ALIPAY_PRIVATE_KEY: keyText(others) },
      finds: ['alipay.gateway/signature-refused'],
    },
    {
      name: 'an application of the sandbox',
      change: { ALIPAY_APP_ID: '9021000000000000' },
      finds: ['alipay.gateway/app-unknown'],
    },
    {
      name: 'another AES key',
      change: { ALIPAY_AES_KEY: Buffer.alloc(16, 3).toString('base64') },
      finds: ['alipay.gateway/aes-key-wrong'],
    },
    {
      name: 'an application without the product',
      change: await refusing('40006', 'isv.insufficient-isv-permissions'),
      finds: ['alipay.gateway/no-permission'],
    },
    {
      name: 'a refusal nobody foresaw',
      change: await refusing('40002', 'isv.invalid-method'),
      finds: ['alipay.gateway/refused'],
    },
  ])
})

t.test('Alipay in certificate mode', async (t) => {
  const { healthy, finds } = await startDeployment(t, { alipay: { verification: 'certificates' } })
  const base = healthy('alipay')
  const { ALIPAY_APP_CERT = '', ALIPAY_PUBLIC_CERT = '' } = base
  const keys = pairOf(base.ALIPAY_PRIVATE_KEY)
  const now = systemClock.now()
  const name = '2088-2021'
  const none = { ALIPAY_APP_CERT: '', ALIPAY_PUBLIC_CERT: '', ALIPAY_ROOT_CERT: '' }
  await finds(t, base, [
    {
      name: 'two of three files',
      change: { ALIPAY_ROOT_CERT: '' },
      finds: ['settings/malformed'],
    },
    {
      name: 'a key for a certificate',
      change: { ALIPAY_APP_CERT: keyText(newKeys()) },
      finds: ['alipay.certificates/unreadable'],
    },
    {
      name: 'the certificates exchanged',
      change: { ALIPAY_APP_CERT: ALIPAY_PUBLIC_CERT, ALIPAY_PUBLIC_CERT: ALIPAY_APP_CERT },
      finds: ['alipay.certificates/swapped'],
    },
    {
      name: 'the private key of another certificate',
      change: { ALIPAY_PRIVATE_KEY: keyText(newKeys()) },
      finds: ['alipay.certificates/other-key'],
    },
    {
      name: 'the roots of the sandbox',
      change: { ALIPAY_ROOT_CERT: oneLine(otherRoot.pem) },
      finds: ['alipay.certificates/not-under-root'],
    },
    {
      name: 'a root file without RSA',
      change: { ALIPAY_ROOT_CERT: oneLine(ELLIPTIC_ROOT) },
      finds: ['alipay.certificates/root-unusable'],
    },
    {
      name: 'an expired application certificate',
      change: { ALIPAY_APP_CERT: oneLine(certificate({ name, keys, until: now - DAY_MS })) },
      finds: ['alipay.certificates/expired'],
    },
    {
      name: 'key mode, which the console has left',
      change: { ...none, ALIPAY_PUBLIC_KEY: publicText(newKeys().publicKey) },
      finds: ['alipay.gateway/mode-mismatch'],
    },
  ])
})

t.test('a certificate that expires soon', async (t) => {
  const { healthy } = await startDeployment(t, { alipay: { verification: 'certificates' } })
  const base = healthy('alipay')
  const keys = pairOf(base.ALIPAY_PRIVATE_KEY)
  const until = systemClock.now() + 10 * DAY_MS
  const pem = oneLine(certificate({ name: '2088-2021', keys, until }))
  const { warnings, text } = await runDoctor({ ...base, ALIPAY_APP_CERT: pem }, { offline: true })
  t.ok(warnings.includes('alipay.certificates/expires-soon'))
  t.match(text, /ALIPAY_APP_CERT of 2021009000000109 expires on \S+, in (9|10) days/)
})

t.test('Alipay’s own certificate, under a root of somebody else', async (t) => {
  const { healthy, finds } = await startDeployment(t, { alipay: { verification: 'certificates' } })
  const leaf = certify({ names: [{ name: 'commonName', value: 'Alipay' }], issuer: otherRoot })
  await finds(t, healthy('alipay'), [
    {
      name: 'does not count',
      change: { ALIPAY_PUBLIC_CERT: oneLine(leaf.pem) },
      finds: ['alipay.certificates/not-under-root'],
    },
  ])
})
