import t, { type Test } from 'tap'
import { certificateRefresh } from '../../../shared/payment/operations/certificateRefresh.js'
import { timerFunction } from '../../../shared/runtime/index.js'
import { type Fields, type House, openHouse } from '../house.js'
import { certificate, type PlatformCertificate } from './keys.js'
import { noticeBody, noticeCall, transaction } from './messages.js'
import {
  API_KEY,
  APP_ID,
  certificatesBody,
  json,
  MCH_ID,
  MCH_SERIAL,
  merchantKeys,
  openPlatform,
  type Platform,
  PUBLIC_KEY_ID,
  platformKeys,
  publicKeySigner,
} from './platform.js'

/** The V3 provider behind the real front door and over a real store. */

const credentials = {
  PAYMENT_PROVIDER: undefined,
  WEIXIN_PAY_KEY: undefined,
  WEIXIN_MCH_ID: MCH_ID,
  WEIXIN_PAY_V3_KEY: API_KEY,
  WEIXIN_PAY_SERIAL_NO: MCH_SERIAL,
  WEIXIN_PAY_PRIVATE_KEY: merchantKeys.privatePem,
}
const publicKey = { WEIXIN_PAY_PUBLIC_KEY_ID: PUBLIC_KEY_ID, WEIXIN_PAY_PUBLIC_KEY: platformKeys.publicPem }

async function open(t: Test, more: Record<string, string>): Promise<{ house: House; platform: Platform }> {
  const house = await openHouse(t, { ...credentials, ...more })
  const platform = await openPlatform(t, house.clock)
  house.env.WEIXIN_PAY_BASE_URL = platform.baseUrl
  return { house, platform }
}

const refresh = async (): Promise<Fields> =>
  (await timerFunction(certificateRefresh, { every: '12h', timeout: 60 }).main(
    {},
    { SOURCE: 'timing' },
  )) as Fields

const certificateAt = (now: number, serial: string): PlatformCertificate =>
  certificate(serial, { notBefore: now - 1000, notAfter: now + 365 * 24 * 3600 * 1000 })

t.test('from the order to PAID, chosen by the settings that are there', async (t) => {
  const { house, platform } = await open(t, publicKey)
  platform.answer = () => json(200, { prepay_id: 'wx1' })
  const content = { ...transaction, amount: { total: 1999, payer_total: 1999, currency: 'CNY' } }
  const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
  const order = { outTradeNo: 'order20260131', totalFee: 1999, body: 'tea', openid }
  t.match(await house.server('createOrder', order), { errCode: 0, provider: 'weixin-v3', mchId: MCH_ID })
  const sessionToken = await house.login(openid)
  t.match(await house.client('getOrderInfo', { outTradeNo: 'order20260131', sessionToken }), {
    errCode: 0,
    provider: 'weixin-v3',
    orderInfo: { appId: APP_ID, signType: 'RSA', package: 'prepay_id=wx1' },
  })
  const notifyUrl = JSON.parse(platform.asked[0]?.body ?? '').notify_url
  t.equal(notifyUrl, `https://shop.example.com/pay/verifyPaymentNotify/weixin-v3/${MCH_ID}`)

  const path = `/weixin-v3/${MCH_ID}`
  const body = noticeBody('payment', { content })
  const call = (at: number) => noticeCall(body, { at })
  const late = await house.notice(body, { path, headers: call(house.clock.now() - 400_000).headers })
  t.match(late, { status: 500, body: '{"code":"FAIL","message":"FAIL"}' })
  t.equal((await house.order('order20260131')).state, 'PAYING')
  const { headers } = call(house.clock.now())
  const probe = { ...headers, 'wechatpay-signature': `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']}` }
  t.match(await house.notice(body, { path, headers: probe }), late, 'a probe is told nothing else')
  for (const base64 of [false, true]) {
    t.match(await house.notice(body, { path, base64, headers }), { status: 204, body: '' })
  }
  t.match(await house.order('order20260131'), {
    state: 'PAID',
    cashFee: 1999,
    transactionId: transaction.transaction_id,
  })
})

t.test('certificateRefresh keeps what is trusted, for every later invocation', async (t) => {
  const { house, platform } = await open(t, {})
  const first = certificateAt(house.clock.now(), '5157F09EFDC096DE15EBE81A47057A7232F1B8E1')
  const second = certificateAt(house.clock.now(), '7132D72A03E93CDDF8C03BBD1F37EEDF00000002')
  platform.signer = first
  platform.answer = () => ({ status: 200, body: certificatesBody([first, second]) })
  t.match(await refresh(), {
    errCode: 0,
    merchants: [{ mchId: MCH_ID, serials: [first.serial, second.serial], expiresAt: second.notAfter }],
  })
  t.strictSame(
    (await house.store.certificates.list('weixin-v3', MCH_ID)).map(({ serial }) => serial).sort(),
    [first.serial, second.serial],
  )
  const body = noticeBody('payment')
  const { headers } = noticeCall(body, { signer: second, at: house.clock.now() })
  t.match(await house.notice(body, { path: `/weixin-v3/${MCH_ID}`, headers }), { status: 204 })
  t.equal(platform.asked.length, 1, 'the notice found the certificate in the store')
  t.match(await refresh(), { errCode: 0 }, 'and a timer may run again at any time')
})

t.test('a merchant with the public key only has nothing to fetch', async (t) => {
  const { platform } = await open(t, publicKey)
  platform.signer = publicKeySigner
  platform.answer = () => json(404, { code: 'RESOURCE_NOT_EXISTS', message: '无可用的平台证书' })
  t.strictSame((await refresh()).merchants, [{ mchId: MCH_ID, serials: [] }])
})

t.test("one merchant's failure is told, and keeps no other from its certificates", async (t) => {
  const { house, platform } = await open(t, {})
  const good = certificateAt(house.clock.now(), '5157F09EFDC096DE15EBE81A47057A7232F1B8E1')
  platform.signer = good
  platform.answer = () => ({ status: 200, body: certificatesBody([good]) })
  const v3 = { key: 'x'.repeat(32), serialNo: MCH_SERIAL, privateKey: merchantKeys.privatePem }
  house.env.WEIXIN_MERCHANTS = JSON.stringify([{ mchId: '1900000110', v3 }])
  t.match(await refresh(), { errCode: 'UNVERIFIED_ANSWER', errMsg: /claims SIGN_ERROR/ })
  t.equal((await house.store.certificates.list('weixin-v3', MCH_ID)).length, 1)
  t.match(house.log.at(-1), { notes: [{ event: 'certificateRefresh failed', mchId: '1900000110' }] })
})

t.test('timers and servers may refresh, clients may not', async (t) => {
  await open(t, publicKey)
  const { main, config } = timerFunction(certificateRefresh, { every: '12h', timeout: 60 })
  t.match(config, { name: 'certificateRefresh', group: 'payment', every: '12h', reach: 'server' })
  t.match(await main({}, { SOURCE: 'client' }), { errCode: 'FORBIDDEN' })
})
