import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ALIPAY_GATEWAY, alipayApp, alipayApps } from '../../shared/config/alipayApp.js'
import { environmentSource, Settings } from '../../shared/config/index.js'
import { alipayAppSettings } from '../../shared/config/providerSettings.js'
import { rsaPrivateKey } from '../../shared/crypto/index.js'
import { OpenapiError } from '../../shared/errors/index.js'
import { alipayCertificate, appCertificate, root } from '../alipay/authority.js'
import { merchant, pem } from '../alipay/fixtures.js'

const settings = (env: Record<string, string | undefined>) =>
  new Settings([environmentSource(env)], new Set(alipayAppSettings))

const APP = '2021000122671080'
const OTHER = '2021000122671081'
const privateKey = pem(merchant.privateKey)
const oneLine = privateKey.replace(/-----[^-]+-----|\s/g, '')

const problem = (env: Record<string, string | undefined>): string => {
  try {
    alipayApps(settings(env))
  } catch (error) {
    if (error instanceof OpenapiError) return `${error.errCode} ${error.errMsg}`
    throw error
  }
  return 'none'
}

t.test('one application, in key mode', async (t) => {
  const env = { ALIPAY_APP_ID: APP, ALIPAY_PRIVATE_KEY: oneLine, ALIPAY_PUBLIC_KEY: oneLine }
  t.strictSame(JSON.parse(JSON.stringify(alipayApps(settings(env)))), [
    { appId: APP, privateKey: oneLine, publicKey: oneLine, signType: 'RSA2', gateway: ALIPAY_GATEWAY },
  ])
  t.match(
    alipayApps(
      settings({ ...env, ALIPAY_SIGN_TYPE: 'RSA', ALIPAY_GATEWAY_URL: 'http://127.0.0.1:9001/gateway.do' }),
    ),
    [{ signType: 'RSA', gateway: 'http://127.0.0.1:9001/gateway.do' }],
  )
  t.strictSame(alipayApps(settings({})), [])
})

t.test('keys as text, base64, path, and with what comes along when they are copied', async (t) => {
  const folder = t.testdir({})
  writeFileSync(join(folder, 'key.pem'), privateKey)
  writeFileSync(join(folder, 'key.txt'), `\ufeff${oneLine}\n`)
  writeFileSync(join(folder, 'key.der'), Buffer.from(oneLine, 'base64'))
  const forms: Record<string, string> = {
    PEM: privateKey,
    'PEM with \\n': privateKey.replaceAll('\n', '\\n'),
    'one line': oneLine,
    'wrapped lines': oneLine.replace(/(.{64})/g, '$1\r\n'),
    'base64 of the PEM': Buffer.from(privateKey).toString('base64'),
    'invisible spaces': `\u200b${oneLine.slice(0, 40)}\u00a0${oneLine.slice(40)}\ufeff`,
    'a path of PEM': join(folder, 'key.pem'),
    'a path of base64': join(folder, 'key.txt'),
    'a path of the bare bytes': join(folder, 'key.der'),
  }
  for (const [name, text] of Object.entries(forms)) {
    const [app] = alipayApps(settings({ ALIPAY_APP_ID: APP, ALIPAY_PRIVATE_KEY: text }))
    const key = rsaPrivateKey(app?.privateKey ?? '')
    t.ok(key.equals(merchant.privateKey), name)
  }
})

t.test('certificate mode needs all three files', async (t) => {
  const env = {
    ALIPAY_APP_ID: APP,
    ALIPAY_PRIVATE_KEY: oneLine,
    ALIPAY_APP_CERT: appCertificate.pem,
    ALIPAY_PUBLIC_CERT: Buffer.from(alipayCertificate.pem).toString('base64'),
    ALIPAY_ROOT_CERT: root.pem,
  }
  t.match(alipayApps(settings(env)), [
    {
      certificates: { app: appCertificate.pem.trim(), alipay: alipayCertificate.pem, root: root.pem.trim() },
    },
  ])
  t.match(problem({ ...env, ALIPAY_ROOT_CERT: undefined }), /INVALID_SETTING ALIPAY_APP_CERT: .*three files/)
})

t.test('several, and which one a call means', async (t) => {
  const env = {
    ALIPAY_APP_ID: APP,
    ALIPAY_PRIVATE_KEY: oneLine,
    ALIPAY_APPS: JSON.stringify([{ appId: OTHER, kind: 'app', privateKey, sellerId: '2088102175489011' }]),
  }
  const known = settings(env)
  t.strictSame(
    alipayApps(known).map(({ appId }) => appId),
    [APP, OTHER],
  )
  t.equal(alipayApp(known).appId, APP)
  t.equal(alipayApp(known, 'mp').appId, APP)
  t.equal(alipayApp(known, 'app').appId, APP, 'one of no kind serves both')
  t.equal(alipayApp(known, 'mp', OTHER).appId, OTHER, 'a name decides')
  const listed = settings({ ALIPAY_APPS: env.ALIPAY_APPS })
  t.throws(() => alipayApp(listed, 'mp'), /ALIPAY_APP_ID is not set/)
  t.throws(() => alipayApp(known, 'mp', '2021000000000000'), /add it to ALIPAY_APPS/)
})

t.test('what cannot be meant is named, and not repeated', async (t) => {
  const secret = 'not-a-key-but-secret'
  const problems: [Record<string, string>, RegExp][] = [
    [{ ALIPAY_APP_ID: 'wx0123456789abcdef' }, /INVALID_SETTING ALIPAY_APP_ID/],
    [{ ALIPAY_APP_ID: APP, ALIPAY_PRIVATE_KEY: secret }, /INVALID_SETTING ALIPAY_PRIVATE_KEY: neither PEM/],
    [{ ALIPAY_APP_ID: APP, ALIPAY_SELLER_ID: '1' }, /INVALID_SETTING ALIPAY_SELLER_ID/],
    [{ ALIPAY_APP_ID: APP, ALIPAY_AES_KEY: secret }, /INVALID_SETTING ALIPAY_AES_KEY/],
    [{ ALIPAY_APP_ID: APP, ALIPAY_SIGN_TYPE: 'MD5' }, /INVALID_SETTING ALIPAY_SIGN_TYPE/],
    [{ ALIPAY_GATEWAY_URL: 'ftp://x' }, /INVALID_SETTING ALIPAY_GATEWAY_URL/],
    [{ ALIPAY_APPS: secret }, /INVALID_SETTING ALIPAY_APPS/],
    [{ ALIPAY_APPS: '{}' }, /INVALID_SETTING ALIPAY_APPS/],
    [
      { ALIPAY_APPS: JSON.stringify([{ appId: APP, privatekey: secret }]) },
      /INVALID_SETTING ALIPAY_APPS.*privateKey/,
    ],
  ]
  for (const [env, expected] of problems) {
    t.match(problem(env), expected)
    t.notMatch(problem(env), secret)
  }
})
