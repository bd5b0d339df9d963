import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startLocalPlatforms } from '../tools/emulator/platforms/index.js'
import { executed } from './support/executed.js'
import { merchant } from './support/network/merchant.js'

/**
 * How many files of `shared/` the calls may execute that users wait for most: whoever wants to understand one of them
 * has to read as many. Run this file alone to see which they are.
 */
const MOST = { getOrderInfo: 50, verifyPaymentNotify: 46, wxacodeGet: 36 }

const folder = mkdtempSync(join(tmpdir(), 'executed-'))
t.teardown(() => rmSync(folder, { recursive: true }))

const platforms = await startLocalPlatforms({ provider: 'weixin-v3' })
t.teardown(() => platforms.close())
const notified = await merchant()
t.teardown(() => notified.close())

const env = {
  ...platforms.settings('weixin-v3'),
  ...{ WEIXIN_APP_ID: platforms.app.appId, PAYMENT_PROVIDER: 'weixin-v3' },
  ...{ NOTIFY_BASE_URL: new URL(notified.notifyUrl).origin, EVENT_TARGET: 'function:onPayment' },
}
const call = (name: string, event: object, context: object) => executed({ name, event, context, env, folder })

const server = { SOURCE: 'function' }
const client = { SOURCE: 'client', PLATFORM: 'mp-weixin', CLIENTIP: '203.0.113.7' }

const login = await call('authCode2Session', { code: platforms.login('alice') }, client)
const { openid, sessionToken } = login.answer as { openid: string; sessionToken: string }
const order = { outTradeNo: 'T20500101', totalFee: 1999, body: 'tea' }
t.match((await call('createOrder', { ...order, openid }, server)).answer, { errCode: 0 })

t.test('getOrderInfo of a client, WeChat Pay V3', async (t) => {
  const { answer, files } = await call('getOrderInfo', { outTradeNo: order.outTradeNo, sessionToken }, client)
  t.match(answer, { errCode: 0 })
  within(t, files, MOST.getOrderInfo)
  await platforms.requestPayment((answer as { orderInfo: Record<string, string> }).orderInfo)
})

t.test('a notice of WeChat Pay V3, up to the delivered event', async (t) => {
  const [notice] = notified.received
  const event = { path: `/weixin-v3/${platforms.merchant.mchId}`, httpMethod: 'POST', ...notice }
  const { answer, files } = await call('verifyPaymentNotify', event, { SOURCE: 'http' })
  t.match(answer, { statusCode: 204 })
  within(t, files, MOST.verifyPaymentNotify)
})

t.test('wxacodeGet of a client', async (t) => {
  const { answer, files } = await call('wxacodeGet', { path: 'pages/index', sessionToken }, client)
  t.match(answer, { errCode: 0 })
  within(t, files, MOST.wxacodeGet)
})

function within(t: Test, files: readonly string[], most: number): void {
  t.comment(`${files.length} files:\n${files.join('\n')}`)
  t.ok(files.length <= most, `${files.length} files of shared/ executed, at most ${most}`)
}
