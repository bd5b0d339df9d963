import t, { type Test } from 'tap'
import { canonical } from '../../../shared/alipay/signature.js'
import {
  APP_ID,
  BUYER_ID,
  biz,
  done,
  type Gateway,
  listen,
  merchant,
  type Params,
  pem,
  platform,
  SELLER_ID,
  sdk,
  signWith,
  stranger,
} from '../../alipay/fixtures.js'
import { type House, openHouse } from '../house.js'

/** An Alipay order from its making to its payment, behind the real front door and over a real store. */

const TRADE_NO = '2026010122001468450512505578'
const PATH = `/alipay/${APP_ID}`

async function shop(t: Test): Promise<{ house: House; gateway: Gateway }> {
  const gateway = await listen(t, (params) =>
    done(params, { out_trade_no: biz(params).out_trade_no, trade_no: TRADE_NO }),
  )
  const house = await openHouse(t, {
    PAYMENT_PROVIDER: 'alipay',
    ALIPAY_APP_ID: APP_ID,
    ALIPAY_PRIVATE_KEY: pem(merchant.privateKey),
    ALIPAY_PUBLIC_KEY: pem(platform.publicKey),
    ALIPAY_SELLER_ID: SELLER_ID,
    ALIPAY_GATEWAY_URL: gateway.url,
    EVENT_TARGET: 'function:onPayment',
    EVENT_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  })
  return { house, gateway }
}

function notice(over: Params = {}, key = platform.privateKey): string {
  const fields: Params = {
    app_id: APP_ID,
    seller_id: SELLER_ID,
    charset: 'utf-8',
    notify_type: 'trade_status_sync',
    notify_id: '1',
    out_trade_no: 'ORDER_0001',
    trade_no: TRADE_NO,
    trade_status: 'TRADE_SUCCESS',
    total_amount: '19.99',
    buyer_pay_amount: '19.99',
    buyer_id: BUYER_ID,
    gmt_payment: '2026-01-01 15:56:24',
    subject: '50% off + more',
    sign_type: 'RSA2',
    ...over,
  }
  const sign = signWith(key, canonical(Object.entries(fields), ['sign_type']))
  return new URLSearchParams({ ...fields, sign }).toString()
}

const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' }
const send = (house: House, body: string, base64 = false) =>
  house.notice(body, { path: PATH, headers, base64 })

const place = (house: House) =>
  house.server('createOrder', { outTradeNo: 'ORDER_0001', totalFee: 1999, body: '50% off', openid: BUYER_ID })

t.test('placed, offered, paid, told', async (t) => {
  const { house, gateway } = await shop(t)
  t.match(await place(house), { errCode: 0, provider: 'alipay', mchId: APP_ID, state: 'CREATED' })
  const offered = await house.server('getOrderInfo', { outTradeNo: 'ORDER_0001', clientType: 'mp-alipay' })
  t.match(offered, { errCode: 0, provider: 'alipay', orderInfo: TRADE_NO })
  t.match(gateway.received[0], {
    method: 'alipay.trade.create',
    notify_url: `https://shop.example.com/pay/verifyPaymentNotify/alipay/${APP_ID}`,
  })
  t.match(biz(gateway.received[0]), { total_amount: '19.99', buyer_id: BUYER_ID, op_app_id: APP_ID })
  t.ok(sdk({ alipayPublicKey: pem(merchant.publicKey) }).checkNotifySignV2(gateway.received[0]))
  t.strictSame(await send(house, notice()), { status: 200, body: 'success' })
  t.match(await house.order('ORDER_0001'), {
    state: 'PAID',
    transactionId: TRADE_NO,
    cashFee: 1999,
    payerOpenid: BUYER_ID,
    timeEnd: '20260101155624',
  })
  t.equal(house.called.length, 1)
  t.match(house.called[0], { name: 'onPayment', data: { type: 'payment.paid' } })
})

t.test('again, late, in base64, and as TRADE_FINISHED: nothing happens twice', async (t) => {
  const { house } = await shop(t)
  await place(house)
  const bodies = [
    notice(),
    notice({ notify_time: '2026-01-01 16:00:25' }),
    notice({ trade_status: 'TRADE_FINISHED' }),
    notice({ refund_fee: '1.00', gmt_refund: '2026-01-02 10:00:00', out_biz_no: 'R1' }),
  ]
  for (const body of bodies) t.strictSame(await send(house, body, true), { status: 200, body: 'success' })
  const order = await house.order('ORDER_0001')
  t.equal(order.transactionId, TRADE_NO)
  const paid = house.called.filter(({ data }) => data.type === 'payment.paid')
  t.equal(paid.length, 1)
})

t.test('another amount is kept and told, and answered so that Alipay comes again', async (t) => {
  const { house } = await shop(t)
  await place(house)
  t.strictSame(await send(house, notice({ total_amount: '0.01' })), { status: 200, body: 'fail' })
  t.equal((await house.order('ORDER_0001')).state, 'CREATED')
  t.match(house.called, [{ data: { type: 'payment.contradiction' } }])
})

t.test('whatever is refused is refused in the same words, and moves nothing', async (t) => {
  const { house } = await shop(t)
  await place(house)
  const bodies = [
    '',
    'x',
    notice({}, stranger.privateKey),
    notice({ app_id: '2021000000000001' }),
    notice({ seller_id: '2088000000000001' }),
    notice().replace('19.99', '20.99'),
    `${notice()}&total_amount=1`,
    'a'.repeat(1024 * 1024),
  ]
  for (const body of bodies) t.strictSame(await send(house, body), { status: 200, body: 'fail' })
  const elsewhere = await house.notice(notice(), { path: '/alipay/2021000000000001', headers })
  t.strictSame(elsewhere, { status: 200, body: 'fail' }, 'an application that is not ours')
  t.equal((await house.order('ORDER_0001')).state, 'CREATED')
  t.equal(house.called.length, 0)
})
