import t, { type Test } from 'tap'
import { uniPayAt } from '../support/uni-pay.js'
import { openShop } from './shop.js'

/** A client that nobody here wrote must get along with the twin in every direction. */

async function openUniPay(
  t: Test,
  more: { signType?: 'HMAC-SHA256'; clientType?: 'mp-weixin' | 'app-plus' } = {},
) {
  const shop = await openShop(t)
  const { initWeixin, remove } = uniPayAt(shop.twin.url)
  t.teardown(remove)
  const { appId } = shop.twin.app
  const { mchId, key } = shop.twin.merchant
  const pay = initWeixin({ appId, mchId, key, ...more })
  const order = (outTradeNo: string) => ({
    openid: shop.twin.openid('alice'),
    body: '茶 & <cake>',
    outTradeNo,
    totalFee: 57,
    notifyUrl: shop.merchant.notifyUrl,
    attach: 'table 7',
  })
  return { ...shop, pay, order }
}

t.test('a mini-program payment from order to notice', async (t) => {
  const { pay, order, twin, merchant } = await openUniPay(t)
  const orderInfo = await pay.getOrderInfo(order('unipay-0001'))
  t.match(orderInfo, { appId: twin.app.appId, package: /^prepay_id=wx\d{14}/, signType: 'MD5' })
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0001' }), { tradeState: 'NOTPAY', attach: 'table 7' })

  const paid = await twin.requestPayment(orderInfo)
  t.equal(paid.order.state, 'SUCCESS')
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0001' }), {
    tradeState: 'SUCCESS',
    totalFee: 57,
    cashFee: 57,
    openid: twin.openid('alice'),
    transactionId: /^\d{28}$/,
    timeEnd: /^\d{14}$/,
  })

  const [notice] = merchant.received
  const headers = { 'content-type': String(notice?.headers['content-type']) }
  const event = { body: notice?.body ?? '', isBase64Encoded: false, headers }
  t.match(await pay.verifyPaymentNotify(event), {
    returnCode: 'SUCCESS',
    resultCode: 'SUCCESS',
    outTradeNo: 'unipay-0001',
    totalFee: 57,
    attach: 'table 7',
  })
  const changed = { ...event, body: event.body.replace('>57<', '>56<') }
  await t.rejects(pay.verifyPaymentNotify(changed), /验签/)
})

t.test('its HMAC-SHA256, asked for in the call, is answered in kind', async (t) => {
  const { pay, order, twin, merchant } = await openUniPay(t, { signType: 'HMAC-SHA256' })
  const orderInfo = await pay.getOrderInfo({ ...order('unipay-0002'), signType: 'HMAC-SHA256' })
  t.equal(orderInfo.signType, 'HMAC-SHA256')
  await twin.requestPayment(orderInfo)
  const event = { body: merchant.received[0]?.body ?? '', isBase64Encoded: false, headers: {} }
  t.match(await pay.verifyPaymentNotify(event), { outTradeNo: 'unipay-0002' })
})

t.test('its HMAC-SHA256 without a sign_type is refused, as WeChat refuses it', async (t) => {
  const { pay, order } = await openUniPay(t, { signType: 'HMAC-SHA256' })
  await t.rejects(pay.getOrderInfo(order('unipay-0003')), /签名错误/)
})

t.test('app parameters pay as well', async (t) => {
  const { pay, order, twin } = await openUniPay(t, { clientType: 'app-plus' })
  const orderInfo = await pay.getOrderInfo(order('unipay-0004'))
  t.match(orderInfo, { package: 'Sign=WXPay', partnerid: twin.merchant.mchId })
  t.match(await twin.requestPayment(orderInfo), { order: { state: 'SUCCESS', tradeType: 'APP' } })
})

t.test('it closes an order, and reads the refusals', async (t) => {
  const { pay, order, clock, twin } = await openUniPay(t)
  await pay.getOrderInfo(order('unipay-0005'))
  await t.rejects(pay.closeOrder({ outTradeNo: 'unipay-0005' }), /TRADE_STATE_ERROR/)
  await clock.advance(5 * 60_000)
  t.match(await pay.closeOrder({ outTradeNo: 'unipay-0005' }), { resultCode: 'SUCCESS' })
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0005' }), { tradeState: 'CLOSED' })
  await t.rejects(pay.orderQuery({ outTradeNo: 'unipay-none' }), /ORDERNOTEXIST/)
  twin.faults.next('/pay/orderquery', 'forged')
  await t.rejects(pay.orderQuery({ outTradeNo: 'unipay-0005' }), /签名错误/)
})
