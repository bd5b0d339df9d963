import t, { type Test } from 'tap'
import { uniPayAt } from '../../../support/peers/uniPay.js'
import { readBill } from '../weixin-pay-v2/bill.js'
import { openShop, type Shop } from '../weixin-pay-v2/merchant.js'

/** A client that nobody here wrote must get along with the local platforms in every direction. */

async function openUniPay(
  t: Test,
  more: { signType?: 'HMAC-SHA256'; clientType?: 'mp-weixin' | 'app-plus' } = {},
) {
  const shop = await openShop(t)
  const { initWeixin, remove } = uniPayAt(shop.platforms.url)
  t.teardown(remove)
  const { appId } = shop.platforms.app
  const { mchId, key } = shop.platforms.merchant
  const pay = initWeixin({ appId, mchId, key, ...more })
  return { ...shop, pay, order: orderOf(shop) }
}

const orderOf = (shop: Shop) => (outTradeNo: string) => ({
  openid: shop.platforms.openid('alice'),
  body: '茶 & <cake>',
  outTradeNo,
  totalFee: 57,
  notifyUrl: shop.merchant.notifyUrl,
  attach: 'table 7',
})

/** The same over TLS, which refunds want. */
async function openRefunder(t: Test) {
  const shop = await openShop(t)
  const { files, secureUrl, app, merchant } = shop.platforms
  const { initWeixin, remove } = uniPayAt(secureUrl, files.authority)
  t.teardown(remove)
  const { mchId, key } = merchant
  return { shop, pay: initWeixin({ appId: app.appId, mchId, key, pfx: files.pfx() }), order: orderOf(shop) }
}

t.test('a mini-program payment from order to notice', async (t) => {
  const { pay, order, platforms, merchant } = await openUniPay(t)
  const orderInfo = await pay.getOrderInfo(order('unipay-0001'))
  t.match(orderInfo, { appId: platforms.app.appId, package: /^prepay_id=wx\d{14}/, signType: 'MD5' })
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0001' }), { tradeState: 'NOTPAY', attach: 'table 7' })

  const paid = await platforms.requestPayment(orderInfo)
  t.equal(paid.order.state, 'SUCCESS')
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0001' }), {
    tradeState: 'SUCCESS',
    totalFee: 57,
    cashFee: 57,
    openid: platforms.openid('alice'),
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
  const { pay, order, platforms, merchant } = await openUniPay(t, { signType: 'HMAC-SHA256' })
  const orderInfo = await pay.getOrderInfo({ ...order('unipay-0002'), signType: 'HMAC-SHA256' })
  t.equal(orderInfo.signType, 'HMAC-SHA256')
  await platforms.requestPayment(orderInfo)
  const event = { body: merchant.received[0]?.body ?? '', isBase64Encoded: false, headers: {} }
  t.match(await pay.verifyPaymentNotify(event), { outTradeNo: 'unipay-0002' })
})

t.test('its HMAC-SHA256 without a sign_type is refused, as WeChat refuses it', async (t) => {
  const { pay, order } = await openUniPay(t, { signType: 'HMAC-SHA256' })
  await t.rejects(pay.getOrderInfo(order('unipay-0003')), /签名错误/)
})

t.test('app parameters pay as well', async (t) => {
  const { pay, order, platforms } = await openUniPay(t, { clientType: 'app-plus' })
  const orderInfo = await pay.getOrderInfo(order('unipay-0004'))
  t.match(orderInfo, { package: 'Sign=WXPay', partnerid: platforms.merchant.mchId })
  t.match(await platforms.requestPayment(orderInfo), { order: { state: 'SUCCESS', tradeType: 'APP' } })
})

t.test('it closes an order, and reads the refusals', async (t) => {
  const { pay, order, clock, platforms } = await openUniPay(t)
  await pay.getOrderInfo(order('unipay-0005'))
  await t.rejects(pay.closeOrder({ outTradeNo: 'unipay-0005' }), /TRADE_STATE_ERROR/)
  await clock.advance(5 * 60_000)
  t.match(await pay.closeOrder({ outTradeNo: 'unipay-0005' }), { resultCode: 'SUCCESS' })
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0005' }), { tradeState: 'CLOSED' })
  await t.rejects(pay.orderQuery({ outTradeNo: 'unipay-none' }), /ORDERNOTEXIST/)
  platforms.faults.next('/pay/orderquery', 'forged')
  await t.rejects(pay.orderQuery({ outTradeNo: 'unipay-0005' }), /签名错误/)
})

t.test('it refunds with the certificate of the merchant, and asks what became of it', async (t) => {
  const { order, shop, pay } = await openRefunder(t)
  await pay.getOrderInfo(order('unipay-0006'))
  await shop.platforms.pay('unipay-0006')
  const wish = { outTradeNo: 'unipay-0006', outRefundNo: 'R1', totalFee: 57, refundFee: 7 }
  t.match(await pay.refund(wish), {
    resultCode: 'SUCCESS',
    refundId: /^\d{28}$/,
    refundFee: 7,
    cashRefundFee: 7,
  })
  const asked = () => pay.refundQuery({ outTradeNo: 'unipay-0006' })
  t.match(await asked(), { refundList: [{ outRefundNo: 'R1', refundFee: 7, refundStatus: 'PROCESSING' }] })
  await shop.clock.advance(2000)
  await shop.platforms.tick()
  t.match(await asked(), { totalFee: 57, refundCount: 1, refundList: [{ refundStatus: 'SUCCESS' }] })
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0006' }), { tradeState: 'REFUND' })
  await t.rejects(pay.refund({ ...wish, outRefundNo: 'R2', refundFee: 58 }), /ERROR 累计/)
  await t.rejects(pay.refundQuery({ outRefundNo: 'R2' }), /REFUNDNOTEXIST/)
})

t.test('its bills, as text; of no bill it tells', async (t) => {
  const { order, shop, pay } = await openRefunder(t)
  await pay.getOrderInfo(order('unipay-0007'))
  await shop.platforms.pay('unipay-0007')
  const bill = await pay.downloadBill({ billDate: '20500101' })
  t.match(readBill(String(bill.content)).rows, [{ 商户订单号: 'unipay-0007', 订单金额: '0.57' }])
  const flow = await pay.downloadFundflow({ billDate: '20500101' })
  t.match(readBill(String(flow.content)).totals, { 资金流水总笔数: '1', 收入金额: '0.57' })
  await t.rejects(pay.downloadBill({ billDate: '20491231' }), /No Bill Exist/)
  await t.rejects(pay.downloadFundflow({ billDate: '20491231' }), /NO_BILL_EXIST/)
})

t.test('without the certificate it gets a page it cannot read', async (t) => {
  const { pay, order, platforms } = await openUniPay(t)
  await pay.getOrderInfo(order('unipay-0008'))
  await platforms.pay('unipay-0008')
  const wish = { outTradeNo: 'unipay-0008', outRefundNo: 'R1', totalFee: 57, refundFee: 7 }
  await t.rejects(pay.refund(wish), /request fail/)
})
