import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { systemRandom } from '../../shared/clock.js'
import { settingInfo } from '../../shared/config/index.js'
import type { OpenapiError } from '../../shared/errors/index.js'
import type { Weixin } from '../../shared/library/index.js'
import { checks } from '../../tools/doctor/checks/index.js'
import { newKeyPair } from '../../tools/emulator/platforms/certificates/index.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { failureOf, freshLibrary, inHost } from '../library/built.js'
import { openShop, type Shop } from '../library/shop.js'
import { handClock } from '../support/clock.js'

import { root, textOf } from './blocks.js'

/** The symptoms are produced, and look as the page says; what the page calls by name is called so. */

const page = textOf('docs/troubleshooting.md')
const rows = page.split('\n').filter((line) => line.startsWith('|'))

const spansIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)

/** A row shows this failure: its code, and a part of what it says. */
function shows(t: Test, failure: unknown): void {
  const { errCode, errMsg } = failure as OpenapiError
  const symptoms = rows.map((row) => spansIn(row.split('|')[1] ?? ''))
  const found = symptoms.filter((spans) => spans.some((span) => errMsg.includes(span)))
  t.ok(found.length > 0 || symptoms.flat().includes(String(errCode)), `${errCode}: ${errMsg}`)
  t.ok(page.includes(`\`${errCode}\``), `${errCode} is on the page`)
}

const order = { outTradeNo: 'trouble-0001', totalFee: 1999, body: 'tea', notifyUrl: 'https://example.com' }

const asked = (pay: Weixin): Promise<unknown> => failureOf(pay.orderQuery({ outTradeNo: order.outTradeNo }))

t.test('access tokens', async (t) => {
  const { platforms, library } = await openShop(t)
  const endpoints = { weixinApi: platforms.url }
  const dead = library.initWeixin({ appId: platforms.app.appId, accessToken: 'of somebody else', endpoints })
  const failure = await failureOf(dead.wxacode.get({ path: 'pages/index/index' }))
  t.equal((failure as OpenapiError).errCode, 40001)
  shows(t, failure)
  const wrong = library.initWeixin({ appId: platforms.app.appId, secret: '0'.repeat(32), endpoints })
  shows(t, await failureOf(wrong.auth.getAccessToken()))
})

t.test('signatures of V2', async (t) => {
  const { openapi } = await openShop(t)
  const failure = await asked(openapi('v2', { key: '0'.repeat(32) }))
  t.match(failure, { errCode: 'RETURN_FAIL', errMsg: /签名错误.*; check key and signType$/ })
  shows(t, failure)
})

t.test('signatures of V3', async (t) => {
  const { openapi } = await openShop(t)
  const { privateKey } = newKeyPair()
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const failure = await asked(openapi('v3', { privateKey: pem }))
  t.equal((failure as OpenapiError).errCode, 'SIGN_ERROR')
  shows(t, failure)
})

/** A merchant's V3 account without a public key, in either mode of verification. */
async function withoutKey(t: Test, verification: 'public-key' | 'certificates', v3Key?: string) {
  const clock = handClock()
  inHost(t, { clock, random: systemRandom })
  const platforms = await startLocalPlatforms({ clock, verification })
  t.teardown(() => platforms.close())
  const { url, app, files } = platforms
  return freshLibrary().initWeixin({
    ...{ appId: app.appId, mchId: platforms.merchant.mchId, v3Key: v3Key ?? platforms.merchant.v3Key },
    ...{ serialNo: files.serialNo, privateKey: files.key, endpoints: { weixinPay: url } },
  })
}

t.test('public-key mode', async (t) => {
  const failure = await asked(await withoutKey(t, 'public-key'))
  t.match(failure, { errCode: 'UNVERIFIED_ANSWER', advice: 'fix the settings' })
  t.match(failure, { errMsg: /signed with a public key that is not set here: set publicKeyId and publicKey/ })
  shows(t, failure)
})

t.test('a wrong APIv3 key', async (t) => {
  const failure = await asked(await withoutKey(t, 'certificates', '0'.repeat(32)))
  t.equal((failure as OpenapiError).errCode, 'CERTIFICATE_REFUSED')
  shows(t, failure)
})

function refundWith({ openapi }: Shop, files: Parameters<Shop['openapi']>[1]): Promise<unknown> {
  const { outTradeNo, totalFee } = order
  const pay = openapi('v2', { pfx: '', ...files })
  return failureOf(pay.refund({ outTradeNo, outRefundNo: 'R1', totalFee, refundFee: 1 }))
}

t.test('the .p12 file', async (t) => {
  const shop = await openShop(t)
  const { files } = shop.platforms
  const pfx = files.pfx()
  const failures = [
    await refundWith(shop, {}),
    await refundWith(shop, { pfx: Buffer.from(pfx.toString('utf8')) }),
    await refundWith(shop, { pfx: Buffer.from(files.cert) }),
    await refundWith(shop, { pfx, mchId: '1900000999' }),
  ]
  for (const failure of failures) shows(t, failure)
  t.equal(new Set(failures.map((failure) => (failure as OpenapiError).errMsg)).size, failures.length)
})

t.test('callbacks', async (t) => {
  const { platforms, openapi, merchant: partner, lastEvent } = await openShop(t)
  const { payment } = openapi('v3')
  const paid = { ...order, openid: platforms.openid('alice'), notifyUrl: partner.notifyUrl }
  await platforms.requestPayment(await payment.getOrderInfo(paid))
  const event = { ...lastEvent(), body: '' }
  const refused = (await failureOf(payment.verifyPaymentNotify(event))) as OpenapiError
  t.equal(refused.errCode, 'NOTICE_REFUSED')
  t.type(refused.cause, Error)
  t.match(await failureOf(payment.verifyRefundNotify(lastEvent())), { errCode: 'OTHER_NOTICE' })
})

t.test('what the page says the doctor says, he can say', async (t) => {
  const known = checks.flatMap(({ id, remarks }) => Object.keys(remarks).map((code) => `${id}/${code}`))
  const ids = checks.map(({ id }) => id)
  const named = spansIn(page).filter((span) => ids.includes(span.split('/')[0] ?? '') && span.includes('/'))
  t.ok(named.length > 30)
  t.strictSame(
    named.filter((name) => !known.includes(name)),
    [],
  )
})

const sources = readdirSync(join(root, 'shared'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(root, 'shared', name), 'utf8'))
  .join('\n')

t.test('codes and findings on the page are those of the code', async (t) => {
  const [, findings = ''] = /\| `finding` \|([\s\S]*?)\n\n/.exec(page) ?? []
  const causes = findings.split('\n').flatMap((row) => spansIn(row.split('|')[1] ?? ''))
  t.ok(causes.length > 10)
  for (const cause of causes) t.match(sources, `'${cause}': {`, cause)
  const codes = spansIn(page).filter((span) => /^[A-Z]+(_[A-Z0-9]+)*$/.test(span) && !(span in settingInfo))
  t.ok(codes.length > 15)
  for (const code of new Set(codes)) t.match(sources, new RegExp(`\\b${code}\\b`), code)
})
