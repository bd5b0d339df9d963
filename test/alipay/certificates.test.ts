import type { KeyObject } from 'node:crypto'
import { AlipaySdk } from 'alipay-sdk'
import t, { type Test } from 'tap'
import { callAlipay } from '../../shared/alipay/client.js'
import { readMessage } from '../../shared/alipay/message.js'
import { fileCertSn, rootCertSn } from '../../shared/alipay/signature.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { HAND_CLOCK_START } from '../support/clock.js'
import { refused } from '../support/refused.js'
import {
  alipayCertificate,
  alipayNames,
  antName,
  appCertificate,
  type Certified,
  certify,
  class1,
  class2,
  otherRoot,
  root,
} from './authority.js'
import {
  APP_ID,
  biz,
  type Gateway,
  keyApp,
  listen,
  type Params,
  pem,
  platform,
  responseKey,
  signWith,
  testDependencies,
} from './fixtures.js'

/** Certificate mode: what is sent, and which of Alipay's certificates is believed. */

const rootFile = `ROOT\r\n${root.pem}`
const certificates = {
  app: appCertificate.pem,
  alipay: `${alipayCertificate.pem}${class2.pem}`,
  root: rootFile,
}

let apps = 0

/** Each with an id of its own: what one learns, no other knows. */
const freshApp = (gateway: string): AlipayApp => {
  apps += 1
  const appId = `20210001226${String(apps).padStart(5, '0')}`
  return keyApp({ appId, publicKey: undefined, privateKey: pem(appCertificate.key), certificates, gateway })
}

const value = '{"code":"10000","msg":"Success","trade_no":"1"}'

const written = (
  params: Params,
  said: string,
  { key, pem: file }: Certified,
  sn = fileCertSn(file),
): string =>
  `{"${responseKey(params.method ?? '')}":${said},"alipay_cert_sn":"${sn}","sign":"${signWith(key, said)}"}`

const signedBy = (params: Params, signer: Certified, sn?: string): string =>
  written(params, value, signer, sn)

const DOWNLOAD = 'alipay.open.app.alipaycert.download'

/** An Alipay that signs with `signer` and hands out `chain` when asked for a certificate. */
async function rotated(t: Test, signer: Certified, chain: string): Promise<Gateway> {
  return listen(t, (params) => {
    if (params.method !== DOWNLOAD) return signedBy(params, signer)
    const content = Buffer.from(chain).toString('base64')
    const said = { code: '10000', msg: 'Success', alipay_cert_content: content }
    return written(params, JSON.stringify(said), signer)
  })
}

const query = { method: 'alipay.trade.query', bizContent: { out_trade_no: 'A' }, repeat: 'never' } as const

const downloads = ({ received }: Gateway) => received.filter(({ method }) => method === DOWNLOAD)

t.test('the numbers are those that the SDK computes, and Node agrees that the chain is one', async (t) => {
  const theirs = new AlipaySdk({
    appId: APP_ID,
    privateKey: pem(appCertificate.key),
    keyType: 'PKCS8',
    appCertContent: certificates.app,
    alipayPublicCertContent: certificates.alipay,
    alipayRootCertContent: root.pem,
  })
  t.equal(fileCertSn(certificates.app), theirs.config.appCertSn)
  t.equal(fileCertSn(certificates.alipay), theirs.config.alipayCertSn)
  t.equal(rootCertSn(certificates.root), theirs.config.alipayRootCertSn)
  t.equal(rootCertSn(`${root.pem}${otherRoot.pem}`), `${rootCertSn(root.pem)}_${rootCertSn(otherRoot.pem)}`)
})

t.test('requests carry both numbers inside the signature, and the SDK verifies them', async (t) => {
  const gateway = await rotated(t, alipayCertificate, '')
  const { fields } = await callAlipay({ app: freshApp(gateway.url), dependencies: testDependencies() }, query)
  t.equal(fields.trade_no, '1')
  const [sent = {}] = gateway.received
  t.equal(sent.app_cert_sn, fileCertSn(certificates.app))
  t.equal(sent.alipay_root_cert_sn, rootCertSn(certificates.root))
  const judge = new AlipaySdk({
    appId: APP_ID,
    privateKey: pem(appCertificate.key),
    keyType: 'PKCS8',
    appCertContent: certificates.app,
    alipayPublicCertContent: certificates.app,
    alipayRootCertContent: root.pem,
  })
  t.ok(judge.checkNotifySignV2(sent))
  t.notOk(judge.checkNotifySignV2({ ...sent, app_cert_sn: 'x' }))
  t.strictSame(downloads(gateway), [], 'a known certificate is not asked for')
})

t.test('the SDK in certificate mode takes the same answers', async (t) => {
  const gateway = await rotated(t, alipayCertificate, '')
  const client = new AlipaySdk({
    appId: APP_ID,
    privateKey: pem(appCertificate.key),
    keyType: 'PKCS8',
    appCertContent: certificates.app,
    alipayPublicCertContent: certificates.alipay,
    alipayRootCertContent: root.pem,
    gateway: gateway.url,
  })
  const result = await client.exec('alipay.trade.query', { bizContent: { outTradeNo: 'A' } })
  t.equal(result.tradeNo, '1')
})

const renewed = certify({ names: alipayNames, issuer: class2, serial: '7f02' })

t.test('a new certificate is fetched once, checked and then known', async (t) => {
  const gateway = await rotated(t, renewed, `${renewed.pem}${class2.pem}`)
  const app = freshApp(gateway.url)
  const around = testDependencies()
  const answers = await Promise.all([1, 2, 3].map(() => callAlipay({ app, dependencies: around }, query)))
  t.strictSame(
    answers.map(({ fields }) => fields.trade_no),
    ['1', '1', '1'],
    'those who met it at once waited for one download',
  )
  await callAlipay({ app, dependencies: around }, query)
  t.equal(downloads(gateway).length, 1)
  t.strictSame(biz(downloads(gateway)[0]), { alipay_cert_sn: fileCertSn(renewed.pem) })
  gateway.answer = (params) => signedBy(params, alipayCertificate)
  t.equal(
    (await callAlipay({ app, dependencies: around }, query)).fields.trade_no,
    '1',
    'the old one still counts',
  )
})

t.test('the chain may come with the certificate, or be known from the settings', async (t) => {
  const gateway = await rotated(t, renewed, renewed.pem)
  t.equal(
    (await callAlipay({ app: freshApp(gateway.url), dependencies: testDependencies() }, query)).fields
      .trade_no,
    '1',
  )
})

t.test('an authority in between that nobody knew before comes with the certificate', async (t) => {
  const class3 = certify({ names: antName('Ant Class 3 R1'), issuer: root, ca: true, serial: '13' })
  const signer = certify({ names: alipayNames, issuer: class3, serial: '7f03' })
  const gateway = await rotated(t, signer, `${signer.pem}${class3.pem}`)
  t.equal(
    (await callAlipay({ app: freshApp(gateway.url), dependencies: testDependencies() }, query)).fields
      .trade_no,
    '1',
  )
})

t.test('applications that meet a certificate at once learn it each for itself', async (t) => {
  const gateway = await rotated(t, renewed, `${renewed.pem}${class2.pem}`)
  const around = testDependencies()
  const answers = await Promise.all(
    [1, 2].map(() => callAlipay({ app: freshApp(gateway.url), dependencies: around }, query)),
  )
  t.strictSame(
    answers.map(({ fields }) => fields.trade_no),
    ['1', '1'],
  )
})

const DAY = 24 * 3600 * 1000
const otherMerchants = {
  signer: certify({ names: antName('2088000000000001-2021000000000001'), issuer: class1, serial: '4' }),
}
const impostors: Record<string, () => { signer: Certified; chain?: string; sn?: string }> = {
  'another root': () => ({ signer: certify({ names: alipayNames, issuer: otherRoot, serial: '1' }) }),
  'another root of the same name': () => {
    const fake = certify({ names: root.names, ca: true })
    const signer = certify({ names: alipayNames, issuer: fake, serial: '2' })
    return { signer, chain: `${signer.pem}${fake.pem}` }
  },
  'signed by itself': () => ({ signer: certify({ names: alipayNames, serial: '3' }) }),
  "another merchant's application certificate": () => ({
    ...otherMerchants,
    chain: `${otherMerchants.signer.pem}${class1.pem}`,
  }),
  'issued by an application certificate': () => {
    const middle = certify({ names: antName('2088000000000001-2021'), issuer: class1, serial: '5' })
    const signer = certify({ names: alipayNames, issuer: middle, serial: '6' })
    return { signer, chain: `${signer.pem}${middle.pem}${class1.pem}` }
  },
  expired: () => ({
    signer: certify({ names: alipayNames, issuer: class2, serial: '8', to: HAND_CLOCK_START - DAY }),
  }),
  'not valid yet': () => ({
    signer: certify({ names: alipayNames, issuer: class2, serial: '9', from: HAND_CLOCK_START + DAY }),
  }),
  'an expired one between': () => {
    const middle = certify({
      names: antName('Ant Class 3'),
      issuer: root,
      ca: true,
      to: HAND_CLOCK_START - DAY,
    })
    const signer = certify({ names: alipayNames, issuer: middle, serial: '0a' })
    return { signer, chain: `${signer.pem}${middle.pem}` }
  },
  'a certificate with another number than asked for': () => ({ signer: renewed, sn: '0'.repeat(32) }),
  'no certificate at all': () => ({ signer: renewed, chain: 'nonsense' }),
  'a broken one': () => ({ signer: renewed, chain: renewed.pem.slice(0, 200) }),
}

for (const [name, make] of Object.entries(impostors)) {
  t.test(`not believed: ${name}`, async (t) => {
    const { signer, chain = signer.pem, sn } = make()
    const gateway = await rotated(t, signer, chain)
    if (sn !== undefined) {
      const usual = gateway.answer
      gateway.answer = (params, path) =>
        params.method === DOWNLOAD ? usual(params, path) : signedBy(params, signer, sn)
    }
    t.equal(
      await refused(callAlipay({ app: freshApp(gateway.url), dependencies: testDependencies() }, query)),
      'UNVERIFIED_ANSWER',
    )
  })
}

t.test('a certificate that cannot be fetched makes a payment uncertain, never undone', async (t) => {
  const gateway = await rotated(t, renewed, renewed.pem)
  const around = testDependencies()
  const http: typeof around.http = {
    ...around.http,
    request: (sent) =>
      around.http.request(sent.url.includes(DOWNLOAD) ? { ...sent, url: 'http://127.0.0.1:9/' } : sent),
  }
  const refund = { ...query, method: 'alipay.trade.refund', movesMoney: true } as const
  const failure = await callAlipay(
    { app: freshApp(gateway.url), dependencies: { ...around, http } },
    refund,
  ).catch((error: unknown) => error)
  t.match(failure, { errCode: 'UNVERIFIED_ANSWER', outcome: 'unknown' })
})

t.test('an answer that names no certificate is held against those known', async (t) => {
  const gateway = await listen(t, (params) => {
    const sign = signWith(alipayCertificate.key, value)
    return `{"${responseKey(params.method ?? '')}":${value},"sign":"${sign}"}`
  })
  const app = freshApp(gateway.url)
  t.equal((await callAlipay({ app, dependencies: testDependencies() }, query)).fields.trade_no, '1')
  gateway.answer = (params) =>
    `{"${responseKey(params.method ?? '')}":${value},"sign":"${signWith(platform.privateKey, value)}"}`
  t.equal(await refused(callAlipay({ app, dependencies: testDependencies() }, query)), 'UNVERIFIED_ANSWER')
  const both = { ...app, publicKey: pem(platform.publicKey) }
  t.equal(
    (await callAlipay({ app: both, dependencies: testDependencies() }, query)).fields.trade_no,
    '1',
    'a public key beside them',
  )
})

const notice = (key: KeyObject, fields: Params): Buffer => {
  const text = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${name}=${field}`)
    .join('&')
  return Buffer.from(new URLSearchParams({ ...fields, sign: signWith(key, text) }).toString())
}

t.test('notices: with and without the number of a certificate', async (t) => {
  const gateway = await rotated(t, renewed, renewed.pem)
  const app = freshApp(gateway.url)
  const around = testDependencies()
  const read = (key: KeyObject, extra: Params = {}) =>
    readMessage({ app, dependencies: around }, notice(key, { app_id: app.appId, ...extra }), undefined)
  t.ok((await read(alipayCertificate.key)).authentic)
  t.ok((await read(renewed.key)).authentic, 'a key not known yet, with which Alipay signs now')
  t.ok((await read(renewed.key, { alipay_cert_sn: fileCertSn(renewed.pem) })).authentic)
  t.strictSame(await read(otherRoot.key), { authentic: false, reason: 'signature wrong' })
  t.strictSame(
    await read(alipayCertificate.key, { alipay_cert_sn: fileCertSn(renewed.pem) }),
    { authentic: false, reason: 'signature wrong' },
    'a number chooses its own key and no other',
  )
})

t.test(
  'invented numbers in notices do not make this a hammer, nor keep answers from being read',
  async (t) => {
    const gateway = await rotated(t, renewed, renewed.pem)
    const app = freshApp(gateway.url)
    const around = testDependencies()
    const forged = (n: number) =>
      readMessage(
        { app, dependencies: around },
        notice(renewed.key, { app_id: app.appId, alipay_cert_sn: String(n).padStart(32, '0') }),
        undefined,
      )
    for (let n = 0; n < 50; n++) {
      t.strictSame(await forged(n), { authentic: false, reason: 'signature key unknown' })
    }
    t.equal(downloads(gateway).length, 2, 'one number, and that with which Alipay signs')
    around.clock.pass(61_000)
    const odd = notice(renewed.key, { app_id: app.appId, alipay_cert_sn: 'no number' })
    t.match(await readMessage({ app, dependencies: around }, odd, undefined), {
      reason: 'signature key unknown',
    })
    t.equal(downloads(gateway).length, 2, 'what is no number is not asked for')
    await forged(99)
    t.equal(downloads(gateway).length, 3)
    t.equal((await callAlipay({ app, dependencies: around }, query)).fields.trade_no, '1')
  },
)

t.test('an invented number that used up the question has taught the real one', async (t) => {
  const number = fileCertSn(renewed.pem)
  const refusal = JSON.stringify({ code: '40004', msg: 'Business Failed', sub_code: 'isv.no-such-cert' })
  const gateway = await rotated(t, renewed, renewed.pem)
  const usual = gateway.answer
  gateway.answer = (params, path) => {
    return biz(params).alipay_cert_sn === number ? usual(params, path) : written(params, refusal, renewed)
  }
  const app = freshApp(gateway.url)
  const around = testDependencies()
  const heard = (key: KeyObject, alipay_cert_sn: string) =>
    readMessage({ app, dependencies: around }, notice(key, { app_id: app.appId, alipay_cert_sn }), undefined)
  t.match(await heard(renewed.key, '1'.repeat(32)), { reason: 'signature key unknown' })
  t.match(await heard(renewed.key, '2'.repeat(32)), { reason: 'signature key unknown' })
  t.ok((await heard(renewed.key, number)).authentic)
  t.strictSame(
    downloads(gateway).map((params) => biz(params).alipay_cert_sn),
    ['1'.repeat(32), number],
  )
})

t.test('what a database says is held against the root file as what Alipay says', async (t) => {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const gateway = await rotated(t, alipayCertificate, '')
  const app = freshApp(gateway.url)
  const fake = certify({ names: alipayNames, issuer: otherRoot, serial: '0b' })
  const serial = fileCertSn(fake.pem)
  const validity = { notBefore: 0, notAfter: Number.MAX_SAFE_INTEGER }
  const planted = { provider: 'alipay', merchantId: app.appId, serial, pem: fake.pem, ...validity }
  await store.certificates.put(planted)
  await store.certificates.put({ ...planted, serial: fileCertSn(renewed.pem) })
  const around = { ...testDependencies(), store: async () => store }
  const numbers: Params[] = [{}, { alipay_cert_sn: serial }, { alipay_cert_sn: fileCertSn(renewed.pem) }]
  for (const numbered of numbers) {
    const body = notice(fake.key, { app_id: app.appId, ...numbered })
    t.match(await readMessage({ app, dependencies: around }, body, undefined), { authentic: false })
  }
})

t.test('a notice whose certificate cannot be fetched has to come again', async (t) => {
  const app = freshApp('http://127.0.0.1:9/gateway.do')
  const body = notice(renewed.key, { app_id: app.appId, alipay_cert_sn: fileCertSn(renewed.pem) })
  t.strictSame(await readMessage({ app, dependencies: testDependencies() }, body, undefined), {
    authentic: false,
    reason: 'signature key unknown',
  })
})

t.test('files that are none are the fault of the settings', async (t) => {
  for (const broken of ['app', 'alipay', 'root']) {
    const gateway = await rotated(t, alipayCertificate, '')
    const app = { ...freshApp(gateway.url), certificates: { ...certificates, [broken]: 'x' } }
    t.equal(
      await refused(callAlipay({ app, dependencies: testDependencies() }, query)),
      'INVALID_SETTING',
      broken,
    )
  }
})
