import { AlipaySdk } from 'alipay-sdk'
import t, { type Test } from 'tap'
import { systemClock } from '../../../../shared/clock.js'
import {
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../../tools/emulator/platforms/index.js'
import { handClock } from '../../../support/clock.js'
import { merchant } from '../../../support/network/merchant.js'
import { formOf } from '../alipay/merchant.js'

/**
 * The published SDK as a client of the local platforms: it signs, verifies answers on the bytes and reads certificates by its own
 * code. It writes the time of the machine's zone, which Alipay wants to be Beijing's.
 */
process.env.TZ = 'Asia/Shanghai'

const modes = ['keys', 'certificates'] as const

async function openClient(t: Test, alipay: LocalPlatformsOptions['alipay'] = {}) {
  const clock = handClock(() => false, systemClock.now())
  const platforms = await startLocalPlatforms({ clock, alipay })
  const partner = await merchant()
  partner.answer = { status: 200, body: 'success' }
  t.teardown(async () => {
    await platforms.close()
    await partner.close()
  })
  const { console, account } = platforms.alipay
  const trust =
    alipay?.verification === 'certificates'
      ? {
          appCertContent: console.appCert,
          alipayPublicCertContent: console.alipayCert,
          alipayRootCertContent: console.rootCert,
        }
      : { alipayPublicKey: console.alipayPublicKey }
  const sdk = new AlipaySdk({
    ...{ appId: account.appId, privateKey: console.privateKey, keyType: 'PKCS8', camelcase: false },
    ...{ gateway: `${platforms.url}/gateway.do`, encryptKey: account.aesKey, ...trust },
  })
  const exec = (method: string, params: object) => sdk.exec(method, params, { validateSign: true })
  const order = (outTradeNo: string) =>
    exec('alipay.trade.create', {
      notifyUrl: partner.notifyUrl,
      bizContent: {
        ...{ outTradeNo, totalAmount: '0.29', subject: '茶 50% & "x"/y', productCode: 'JSAPI_PAY' },
        ...{ opAppId: account.appId, buyerOpenId: platforms.alipay.openid('alice') },
      },
    })
  const lastNotice = () => formOf(partner.received.at(-1)?.body ?? '', 'utf-8')
  return { platforms, clock, sdk, exec, order, lastNotice, partner }
}

for (const verification of modes) {
  t.test(`${verification}: a login, an order, its payment, its refund`, async (t) => {
    const { platforms, clock, sdk, exec, order, lastNotice } = await openClient(t, { verification })
    const login = { grantType: 'authorization_code', code: platforms.alipay.login('alice') }
    t.match(await exec('alipay.system.oauth.token', login), { open_id: platforms.alipay.openid('alice') })
    const { trade_no: tradeNo } = await order('SDK_1')
    t.match(await platforms.requestPayment(String(tradeNo)), { delivery: { state: 'delivered' } })
    t.ok(sdk.checkNotifySignV2(lastNotice()), 'the notice is believed')
    t.notOk(sdk.checkNotifySignV2({ ...lastNotice(), total_amount: '0.30' }))
    const named = { bizContent: { outTradeNo: 'SDK_1' } }
    t.match(await exec('alipay.trade.query', named), { code: '10000', trade_status: 'TRADE_SUCCESS' })
    const refund = { bizContent: { outTradeNo: 'SDK_1', refundAmount: '0.09', outRequestNo: 'R1' } }
    t.match(await exec('alipay.trade.refund', refund), { fund_change: 'Y', refund_fee: '0.09' })
    t.match(await exec('alipay.trade.fastpay.refund.query', { bizContent: refund.bizContent }), {
      refund_status: 'REFUND_SUCCESS',
      refund_amount: '0.09',
    })
    await clock.advance(2000)
    await platforms.tick()
    t.ok(sdk.checkNotifySignV2(lastNotice()))
    t.match(lastNotice(), { refund_fee: '0.09', trade_status: 'TRADE_SUCCESS' })
  })

  t.test(`${verification}: an order string for an app`, async (t) => {
    const { platforms, sdk, partner } = await openClient(t, { verification })
    const text = sdk.sdkExecute('alipay.trade.app.pay', {
      notifyUrl: partner.notifyUrl,
      bizContent: { outTradeNo: 'SDK_2', totalAmount: '0.57', subject: '茶 50% + more' },
    })
    t.match(await platforms.requestPayment(text), { order: { state: 'TRADE_SUCCESS', totalFee: 57 } })
    await t.rejects(platforms.requestPayment(text.replace('0.57', '0.01')), /invalid-signature/)
  })

  t.test(`${verification}: the smaller things`, async (t) => {
    const { platforms, exec, order } = await openClient(t, { verification })
    await order('SDK_3')
    const named = { bizContent: { outTradeNo: 'SDK_3' } }
    t.match(await exec('alipay.trade.close', named), { code: '10000' })
    t.match(await exec('alipay.trade.close', named), { code: '40004', sub_code: 'ACQ.TRADE_STATUS_ERROR' })
    t.match(await exec('alipay.trade.cancel', named), { retry_flag: 'N', action: 'close' })
    const code = { urlParam: 'pages/index/index', queryParam: 'a=1', describe: 'tea' }
    t.match(await exec('alipay.open.app.qrcode.create', { bizContent: code }), { qr_code_url: /^http:\/\// })
    const message = {
      ...{ toOpenId: platforms.alipay.openid('alice'), userTemplateId: 'T1' },
      data: JSON.stringify({ keyword1: { value: '1' } }),
    }
    t.match(await exec('alipay.open.app.mini.templatemessage.send', { bizContent: message }), {
      code: '10000',
    })
    const bill = { billType: 'trade', billDate: '2020-01-01' }
    t.match(await exec('alipay.data.dataservice.bill.downloadurl.query', { bizContent: bill }), {
      sub_code: 'isp.bill_not_exist',
    })
  })

  t.test(`${verification}: answers that are not Alipay's are found out`, async (t) => {
    const { platforms, exec, order } = await openClient(t, { verification })
    await order('SDK_4')
    for (const fault of ['forged', 'downgraded'] as const) {
      platforms.faults.next('alipay.trade.query', fault)
      await t.rejects(exec('alipay.trade.query', { bizContent: { outTradeNo: 'SDK_4' } }), /验签失败/, fault)
    }
  })
}

t.test('its own reading of the three files gives the numbers that are asked for', async (t) => {
  const { platforms, sdk, exec, order } = await openClient(t, { verification: 'certificates' })
  await order('SDK_5')
  t.match(sdk.config, { appCertSn: /^[0-9a-f]{32}$/, alipayRootCertSn: /^[0-9a-f]{32}_[0-9a-f]{32}$/ })
  const first = sdk.config.alipayCertSn
  const rotated = platforms.alipay.rotateCertificate()
  t.not(rotated, first)
  const answer = await sdk.exec('alipay.open.app.alipaycert.download', {
    bizContent: { alipayCertSn: rotated },
  })
  const file = Buffer.from(String(answer.alipay_cert_content), 'base64').toString()
  const { account, console } = platforms.alipay
  const renewed = new AlipaySdk({
    ...{ appId: account.appId, privateKey: console.privateKey, keyType: 'PKCS8', camelcase: false },
    ...{ gateway: `${platforms.url}/gateway.do`, alipayPublicCertContent: file },
    ...{ appCertContent: console.appCert, alipayRootCertContent: console.rootCert },
  })
  t.equal(renewed.config.alipayCertSn, rotated)
  const named = { bizContent: { outTradeNo: 'SDK_5' } }
  t.match(await renewed.exec('alipay.trade.query', named, { validateSign: true }), { code: '10000' })
  await t.rejects(exec('alipay.trade.query', named), /验签失败/, 'the old one does not verify any more')
  const foreign = new AlipaySdk({ ...renewed.config, alipayRootCertContent: console.alipayCert })
  t.match(await foreign.exec('alipay.trade.query', named), { sub_code: 'isv.invalid-alipay-root-cert-sn' })
})

t.test('RSA, where the contract is that old', async (t) => {
  const { platforms, sdk, order, lastNotice } = await openClient(t, { signType: 'RSA' })
  sdk.config.signType = 'RSA'
  t.match(await order('SDK_6'), { code: '10000' })
  await platforms.pay('SDK_6')
  t.ok(sdk.checkNotifySignV2(lastNotice()))
})

t.test('where the SDK is wrong: in another time zone, and at answers without a signature', async (t) => {
  const { sdk, exec } = await openClient(t)
  t.teardown(() => {
    process.env.TZ = 'Asia/Shanghai'
  })
  process.env.TZ = 'UTC'
  const named = { bizContent: { outTradeNo: 'SDK_7' } }
  t.match(await sdk.exec('alipay.trade.query', named), { code: '40002', sub_code: 'isv.invalid-timestamp' })
  await t.rejects(exec('alipay.trade.query', named), { name: 'TypeError' }, 'it fails over what is not there')
})
