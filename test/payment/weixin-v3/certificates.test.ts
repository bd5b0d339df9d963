import t, { type Test } from 'tap'
import { Rsa } from 'wechatpay-axios-plugin'
import {
  type CertificateSource,
  rememberedCertificates,
  storedCertificates,
} from '../../../shared/certificates/source.js'
import type { HttpCall } from '../../../shared/operation/index.js'
import { weixinV3 } from '../../../shared/payment/weixin-v3/index.js'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'
import { certificate, keyPair, type PlatformCertificate } from './keys.js'
import { noticeBody, noticeCall, transaction } from './messages.js'
import {
  certificatesBody,
  failure,
  json,
  merchantAt,
  NOW,
  openPlatform,
  type Platform,
  PUBLIC_KEY_ID,
  platformKeys,
  publicKeySigner,
  type TestDependencies,
  testClock,
  testDependencies,
} from './platform.js'

const YEAR = 365 * 24 * 3600 * 1000
const span = (from: number, to: number) => ({ notBefore: NOW + from, notAfter: NOW + to })

const old = certificate('5157F09EFDC096DE15EBE81A47057A7232F1B8E1', span(-4 * YEAR, YEAR))
const next = certificate('7132D72A03E93CDDF8C03BBD1F37EEDF00000002', span(-YEAR / 12, 5 * YEAR))

interface Scene {
  platform: Platform
  dependencies: TestDependencies
  source: CertificateSource
  query(): Promise<unknown>
  notice(signer: PlatformCertificate): ReturnType<ReturnType<typeof weixinV3>['readNotice']>
  downloads(): number
}

/** A merchant in the older mode: platform certificates alone. A new provider for each call, as invocations make. */
async function scene(
  t: Test,
  published: PlatformCertificate[],
  source = rememberedCertificates(),
): Promise<Scene> {
  const clock = testClock()
  const dependencies = testDependencies(clock)
  const platform = await openPlatform(t, clock)
  platform.signer = published[0] ?? publicKeySigner
  platform.answer = ({ target }) =>
    target === '/v3/certificates'
      ? { status: 200, body: certificatesBody(published) }
      : json(200, transaction)
  const provider = () => weixinV3(merchantAt(platform.baseUrl, false), dependencies, source)
  return {
    platform,
    dependencies,
    source,
    query: () => provider().orderQuery({ outTradeNo: 'order20260131' }),
    notice: (signer) => provider().readNotice(signedBy(signer, clock.at)),
    downloads: () => platform.asked.filter(({ target }) => target === '/v3/certificates').length,
  }
}

const signedBy = (signer: PlatformCertificate, at: number): HttpCall =>
  noticeCall(noticeBody('payment'), { signer, at })

t.test('the first call fetches the certificates, the second finds them', async (t) => {
  const { platform, query, source, downloads } = await scene(t, [old])
  t.ok(await query())
  t.equal(platform.asked[0]?.target, '/v3/certificates', 'before anything that could happen')
  t.equal(platform.asked[0]?.headers['wechatpay-serial'], undefined)
  t.ok(await query())
  t.equal(downloads(), 1)
  t.match(await source.list(), [
    { provider: 'weixin-v3', serial: old.serial, notBefore: old.notBefore, notAfter: old.notAfter },
  ])
})

t.test('both certificates of a rotation count at once, each under its serial', async (t) => {
  const { notice, downloads } = await scene(t, [old, next])
  t.ok((await notice(old)).authentic)
  t.ok((await notice(next)).authentic)
  t.equal(downloads(), 1)
  t.match(await notice({ ...next, serial: old.serial }), { authentic: false, reason: 'signature wrong' })
})

t.test('a public key and certificates count at once', async (t) => {
  const { platform, dependencies, source } = await scene(t, [old])
  const provider = weixinV3(merchantAt(platform.baseUrl), dependencies, source)
  t.ok((await provider.readNotice(noticeCall(noticeBody('payment')))).authentic, 'by public key')
  t.ok((await provider.readNotice(signedBy(old, NOW))).authentic, 'by certificate')
})

t.test('a new certificate, when WeChat Pay signs with it all of a sudden', async (t) => {
  const published = [old]
  const { platform, dependencies, notice, query, downloads } = await scene(t, published)
  t.ok(await query())
  published.splice(0, 1, next)
  platform.signer = next
  dependencies.clock.at += 60_000
  t.ok((await notice(next)).authentic, 'fetched on the unknown serial, the answer vouching for itself')
  t.ok(await query())
  t.equal(downloads(), 2)
})

t.test('forged serials make one download a minute, however many come', async (t) => {
  const { dependencies, notice, query, downloads } = await scene(t, [old])
  const stranger = keyPair()
  const forged = (n: number) => ({
    ...old,
    ...stranger,
    serial: n.toString(16).padStart(40, 'A').toUpperCase(),
  })
  for (let n = 0; n < 20; n++)
    t.match(await notice(forged(n)), { authentic: false, reason: 'signature key unknown' })
  t.equal(downloads(), 1)
  t.ok(await query(), 'and what that one brought is good')
  dependencies.clock.at += 60_000
  for (let n = 0; n < 20; n++) await notice(forged(n))
  t.equal(downloads(), 2)
  t.match(await notice({ ...forged(1), serial: 'PUB_KEY_ID_1' }), { reason: 'signature key unknown' })
  dependencies.clock.at += 60_000
  t.match(await notice({ ...forged(1), serial: 'NOT_HEX' }), { reason: 'signature key unknown' })
  t.equal(downloads(), 2, 'what cannot be a certificate is not asked for')
})

const expired = certificate('11111111222222223333333344444444555555AA', span(-5 * YEAR, -1000))

t.test('an expired certificate neither verifies nor stands in the way of the new one', async (t) => {
  const { source, notice, query, downloads } = await scene(t, [next, expired])
  await source.put({ ...expired, provider: 'weixin-v3', merchantId: '1900007291' })
  t.match(await notice(expired), { authentic: false, reason: 'signature key unknown' })
  t.ok(await query())
  t.equal(downloads(), 1)
  t.strictSame((await source.list()).map(({ serial }) => serial).sort(), [expired.serial, next.serial].sort())
  const fresh = await scene(t, [next, expired])
  t.ok(await fresh.query())
  t.strictSame(
    (await fresh.source.list()).map(({ serial }) => serial),
    [next.serial],
    'nor is it kept',
  )
})

t.test('a certificate of tomorrow is kept and does not verify yet', async (t) => {
  const tomorrow = certificate('29999999222222223333333344444444555555AA', span(24 * 3600 * 1000, 5 * YEAR))
  const { dependencies, query, notice, downloads } = await scene(t, [old, tomorrow])
  t.ok(await query())
  t.match(await notice(tomorrow), { authentic: false, reason: 'signature key unknown' })
  dependencies.clock.at += 25 * 3600 * 1000
  t.ok((await notice(tomorrow)).authentic)
  t.equal(downloads(), 1)
})

t.test('the list may end a certificate before its own date', async (t) => {
  const ending = { ...old, notAfter: NOW + 3600_000 }
  const { dependencies, notice, query, source } = await scene(t, [ending, next])
  t.ok(await query())
  t.match(
    (await source.list()).find(({ serial }) => serial === old.serial),
    { notAfter: NOW + 3600_000 },
  )
  t.ok((await notice(old)).authentic)
  dependencies.clock.at += 3600_000
  t.match(await notice(old), { authentic: false, reason: 'signature key unknown' })
  t.ok((await notice(next)).authentic)
})

t.test('the list may begin a certificate after its own date', async (t) => {
  const { dependencies, notice, query } = await scene(t, [old, { ...next, notBefore: NOW + 3600_000 }])
  t.ok(await query())
  t.match(await notice(next), { authentic: false, reason: 'signature key unknown' })
  dependencies.clock.at += 3600_000
  t.ok((await notice(next)).authentic)
})

t.test('an answer that does not vouch for itself brings nothing in', async (t) => {
  const stranger = certificate(old.serial, span(-YEAR, YEAR))
  const weak = certificate('1BCDEF1222222222333333334444444455555500', span(-YEAR, YEAR), keyPair(1024))
  const renamed = { ...next, serial: 'ABCDEF1222222222333333334444444455555501' }
  const rows: [name: string, errCode: string, body: string, signer: PlatformCertificate][] = [
    ['sealed with another APIv3 key', 'CERTIFICATE_REFUSED', certificatesBody([old], 'x'.repeat(32)), old],
    ['signed by a key that is not in it', 'UNVERIFIED_ANSWER', certificatesBody([old]), next],
    ['signed by one in it that has expired', 'UNVERIFIED_ANSWER', certificatesBody([next, expired]), expired],
    ["signed by a stranger's key", 'UNVERIFIED_ANSWER', certificatesBody([old]), stranger],
    ['another serial inside', 'CERTIFICATE_REFUSED', certificatesBody([old, renamed]), old],
    ['a weak key', 'CERTIFICATE_REFUSED', certificatesBody([weak]), weak],
    ['no certificate inside', 'CERTIFICATE_REFUSED', certificatesBody([{ ...old, pem: 'hello' }]), old],
    [
      'a date that is none',
      'CERTIFICATE_REFUSED',
      certificatesBody([old]).replace(/"expire_time":"[^"]+"/, '"expire_time":"soon"'),
      old,
    ],
    ['nothing', 'UNVERIFIED_ANSWER', '{}', old],
    ['no JSON', 'UNVERIFIED_ANSWER', '<xml/>', old],
  ]
  for (const [name, errCode, body, signer] of rows) {
    const { platform, query, notice, source } = await scene(t, [old])
    platform.signer = signer
    platform.answer = () => ({ status: 200, body })
    t.match(await failure(query()), { errCode }, name)
    t.equal(platform.asked.length, 1, 'the query itself did not leave')
    t.match(await notice(old), { authentic: false, reason: 'signature key unknown' })
    t.strictSame(await source.list(), [])
  }
})

t.test('known certificates stay when a download fails', async (t) => {
  const { platform, dependencies, query, notice, source } = await scene(t, [old])
  t.ok(await query())
  platform.answer = () => ({ status: 502, body: 'busy', signed: false })
  dependencies.clock.at += 60_000
  t.match(await notice(next), { authentic: false, reason: 'signature key unknown' })
  t.ok((await notice(old)).authentic)
  t.equal((await source.list()).length, 1)
})

t.test('without any key nothing is sent, and the error says what to set', async (t) => {
  const { platform, dependencies, query } = await scene(t, [old])
  platform.answer = () => json(404, { code: 'RESOURCE_NOT_EXISTS', message: '无可用的平台证书' })
  platform.signer = publicKeySigner
  t.match(await failure(query()), { errCode: 'UNVERIFIED_ANSWER' }, 'nobody can say who answered')
  t.match(await failure(query()), {
    errCode: 'NO_PLATFORM_KEY',
    outcome: 'failed',
    message: /WEIXIN_PAY_PUBLIC_KEY_ID/,
  })
  t.equal(platform.asked.length, 1, 'and the second time not even asked')
  t.ok(dependencies.clock.slept.length > 0, 'it waited for whoever else was downloading')
})

t.test('who loses the turn waits for what the winner brings', async (t) => {
  const { dependencies, query, downloads } = await scene(t, [old])
  const winner = query()
  dependencies.clock.sleep = async () => void (await winner)
  const answers = await Promise.all([winner, query(), query()])
  t.equal(answers.filter(Boolean).length, 3)
  t.equal(downloads(), 1)
})

t.test('all instances share the store: certificates and the one download a minute', async (t) => {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const shared = () => storedCertificates(async () => store, 'weixin-v3', '1900007291')
  const first = await scene(t, [old], shared())
  t.ok(await first.query())
  const second = await scene(t, [old], shared())
  t.ok(await second.query())
  t.equal(second.downloads(), 0, 'the first has fetched them')
  t.match(await second.notice(next), { authentic: false })
  t.equal(second.downloads(), 0, 'and had the download of this minute')
  second.dependencies.clock.at += 60_000
  await second.notice(next)
  t.equal(second.downloads(), 1)
})

t.test('a store that is away is told as such, so that the notice comes again', async (t) => {
  const away = async () => {
    throw Object.assign(new Error('away'), { errCode: 'STORE_UNAVAILABLE' })
  }
  const source: CertificateSource = { list: away, put: away, takeDownload: away }
  const { notice, platform, dependencies } = await scene(t, [old], source)
  await t.rejects(notice(old), { message: 'away' })
  const provider = weixinV3(merchantAt(platform.baseUrl), dependencies, source)
  platform.signer = old
  t.match(await failure(provider.closeOrder?.({ outTradeNo: 'order20260131' })), {
    errCode: 'UNVERIFIED_ANSWER',
    outcome: 'unknown',
  })
})

t.test('sensitive fields: for the public key in use, else the newest certificate', async (t) => {
  const { platform, dependencies, source } = await scene(t, [old, next])
  const values = { name: '张三', phone: '13800000000' }
  const withKey = weixinV3(merchantAt(platform.baseUrl), dependencies, source)
  const byPublicKey = await withKey.encryptSensitive?.(values)
  t.equal(byPublicKey?.serial, PUBLIC_KEY_ID)
  t.equal(Rsa.decrypt(byPublicKey?.encrypted.name ?? '', Buffer.from(platformKeys.privatePem)), '张三')
  t.strictSame(platform.asked, [])
  const { encryptSensitive } = weixinV3(merchantAt(platform.baseUrl, false), dependencies, source)
  const byCertificate = await encryptSensitive?.(values)
  t.equal(byCertificate?.serial, next.serial, 'fetched, where none is known yet')
  t.equal(Rsa.decrypt(byCertificate?.encrypted.phone ?? '', Buffer.from(next.privatePem)), '13800000000')
  t.ok(await encryptSensitive?.({ most: 'x'.repeat(214) }))
  t.match(await failure(encryptSensitive?.({ more: 'x'.repeat(215) })), {
    errMsg: 'more: expected at most 214 bytes',
  })
})
