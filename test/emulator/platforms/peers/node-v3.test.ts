import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { beijingDateTime, systemClock } from '../../../../shared/clock.js'
import {
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../../tools/emulator/platforms/index.js'
import { handClock } from '../../../support/clock.js'
import { merchant, type Notified } from '../../../support/network/merchant.js'
import { nodeV3At } from '../../../support/peers/wechatpayNodeV3.js'
import { readBill } from '../weixin-pay-v2/bill.js'

/** As axios-plugin.test.ts, with a second client. It verifies notices, and believes answers unseen. */

async function openClient(t: Test, options: LocalPlatformsOptions = {}) {
  const clock = handClock(() => false, systemClock.now())
  const platforms = await startLocalPlatforms({ clock, ...options })
  const partner = await merchant()
  t.teardown(async () => {
    await platforms.close()
    await partner.close()
  })
  const { mchId, v3Key } = platforms.merchant
  const pay = nodeV3At(platforms.url, {
    appid: platforms.app.appId,
    mchid: mchId,
    serial_no: platforms.files.serialNo,
    publicKey: Buffer.from(platforms.files.cert),
    privateKey: Buffer.from(platforms.files.key),
    key: v3Key,
  })
  const order = (outTradeNo: string) => ({
    description: 'tea',
    out_trade_no: outTradeNo,
    notify_url: partner.notifyUrl,
    amount: { total: 57 },
    payer: { openid: platforms.openid('alice') },
    scene_info: { payer_client_ip: '127.0.0.1' },
  })
  return { platforms, clock, partner, pay, order, v3Key }
}

t.test('a mini-program payment, paid with the parameters it signed', async (t) => {
  const { platforms, pay, order } = await openClient(t)
  const { status, data } = await pay.transactions_jsapi(order('node-00001'))
  t.match({ status, data }, { status: 200, data: { signType: 'RSA', package: /^prepay_id=wx/ } })
  t.match(await platforms.requestPayment(data), { order: { state: 'SUCCESS', totalFee: 57 } })
  const asked = await pay.query({ out_trade_no: 'node-00001' })
  t.match(asked, { status: 200, data: { trade_state: 'SUCCESS', amount: { total: 57 } } })
  const { transaction_id: id } = asked.data
  t.match(await pay.query({ transaction_id: id }), { status: 200, data: { out_trade_no: 'node-00001' } })
})

t.test('an app payment, a code, a closed order', async (t) => {
  const { platforms, pay, order } = await openClient(t)
  const { payer: _payer, ...app } = order('node-00002')
  const made = await pay.transactions_app({ ...app, appid: platforms.app.openAppId } as typeof app)
  t.match(made.data, { partnerid: platforms.merchant.mchId, package: 'Sign=WXPay' })
  t.match(await pay.transactions_native({ ...app, out_trade_no: 'node-00003' }), {
    status: 200,
    data: { code_url: /^weixin:/ },
  })
  t.match(await pay.close('node-00003'), { status: 204 })
  t.match(await pay.close('node-00003'), { status: 400, error: /ORDER_CLOSED/ })
})

t.test('its verification of a notice, and its decryption', async (t) => {
  const { platforms, partner, pay, order, v3Key } = await openClient(t, { verification: 'certificates' })
  await pay.transactions_jsapi(order('node-00004'))
  await platforms.pay('node-00004')
  const { headers = {}, body = '' }: Partial<Notified> = partner.received[0] ?? {}
  const verified = (changes: object = {}) =>
    pay.verifySign({
      timestamp: String(headers['wechatpay-timestamp']),
      nonce: String(headers['wechatpay-nonce']),
      serial: String(headers['wechatpay-serial']),
      signature: String(headers['wechatpay-signature']),
      body,
      apiSecret: v3Key,
      ...changes,
    })
  t.equal(await verified(), true)
  t.equal(await verified({ body: `${body} ` }), false)
  const { ciphertext, associated_data: more, nonce } = JSON.parse(body).resource
  t.match(pay.decipher_gcm(ciphertext, more, nonce, v3Key), {
    out_trade_no: 'node-00004',
    trade_state: 'SUCCESS',
  })
})

t.test('a refund, asked for and asked about', async (t) => {
  const { platforms, pay, order } = await openClient(t)
  await pay.transactions_jsapi(order('node-00005'))
  await platforms.pay('node-00005')
  const wish = {
    out_trade_no: 'node-00005',
    out_refund_no: 'R1',
    amount: { refund: 7, total: 57, currency: 'CNY' },
  }
  t.match(await pay.refunds(wish), { status: 200, data: { status: 'PROCESSING' } })
  await platforms.finishRefund('R1', 'CLOSED')
  t.match(await pay.find_refunds('R1'), { status: 200, data: { status: 'CLOSED' } })
  t.match(await pay.find_refunds('R2'), { status: 404, error: /RESOURCE_NOT_EXISTS/ })
})

t.test('a bill, announced and fetched', async (t) => {
  const { platforms, clock, pay, order } = await openClient(t)
  await pay.transactions_jsapi(order('node-00006'))
  await platforms.pay('node-00006')
  const day = beijingDateTime(clock.now()).slice(0, 10)
  for (const [ask, total] of [
    [() => pay.tradebill({ bill_date: day, bill_type: 'ALL' }), '总交易单数'],
    [() => pay.fundflowbill({ bill_date: day, account_type: 'BASIC' }), '资金流水总笔数'],
  ] as const) {
    const { data } = await ask()
    const fixedHost = data.download_url.replace(platforms.url, 'https://api.mch.weixin.qq.com')
    const file = await pay.downloadBill(fixedHost)
    t.equal(createHash('sha1').update(String(file.data)).digest('hex'), data.hash_value)
    t.equal(readBill(String(file.data)).totals[total], '1')
  }
})
