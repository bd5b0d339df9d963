import t, { type Test } from 'tap'
import type { Weixin } from '../../shared/library/index.js'
import { failureOf, libraryModule } from './built.js'
import { openShop, type Shop } from './shop.js'

/** What the reference document shows of `payment`, each under its own name, against the local platforms, with V2 and with V3. */

const versions = ['v2', 'v3'] as const

interface Till extends Shop {
  pay: Weixin['payment']
  order(outTradeNo: string): Parameters<Weixin['payment']['getOrderInfo']>[0]
}

async function openTill(t: Test, version: (typeof versions)[number]): Promise<Till> {
  const shop = await openShop(t)
  return {
    ...shop,
    pay: shop.openapi(version).payment,
    order: (outTradeNo) => ({
      openid: shop.platforms.openid('alice'),
      subject: '订单标题',
      body: '商品描述',
      outTradeNo,
      totalFee: 57,
      notifyUrl: shop.merchant.notifyUrl,
    }),
  }
}

async function paid(till: Till, outTradeNo: string): Promise<void> {
  await till.platforms.requestPayment(await till.pay.getOrderInfo(till.order(outTradeNo)))
}

const REFUND_MS = 2000

for (const version of versions) {
  t.test(`payment.getOrderInfo, ${version}`, async (t) => {
    const { pay, order, platforms, openapi } = await openTill(t, version)
    const given = Object.freeze(order('library-0001'))
    const orderInfo = await pay.getOrderInfo(given)
    t.match(orderInfo, {
      appId: platforms.app.appId,
      timeStamp: String,
      nonceStr: String,
      package: /^prepay_id=/,
      signType: version === 'v2' ? 'MD5' : 'RSA',
      paySign: String,
    })
    t.notOk('errCode' in orderInfo, 'nothing that uni.requestPayment does not take')
    t.match(await platforms.requestPayment(orderInfo), { order: { state: 'SUCCESS', totalFee: 57 } })
    const again = await openapi(version).getOrderInfo(order('library-0002'))
    t.match(again, { package: /^prepay_id=/ }, 'as in uni-pay, on the instance itself')
  })

  t.test(`payment.getOrderInfo in an app, ${version}`, async (t) => {
    const { openapi, order, platforms } = await openTill(t, version)
    const { openid: _openid, ...appOrder } = order('library-0003')
    const app = openapi(version, { appId: platforms.app.openAppId, clientType: 'app-plus' })
    const orderInfo = await app.payment.getOrderInfo(appOrder)
    t.match(orderInfo, {
      appid: platforms.app.openAppId,
      partnerid: platforms.merchant.mchId,
      prepayid: String,
      package: 'Sign=WXPay',
      noncestr: String,
      timestamp: String,
      sign: String,
    })
    t.match(await platforms.requestPayment(orderInfo), { order: { tradeType: 'APP', state: 'SUCCESS' } })
  })

  t.test(`payment.orderQuery, ${version}`, async (t) => {
    const till = await openTill(t, version)
    await till.pay.getOrderInfo(till.order('library-0004'))
    t.match(await till.pay.orderQuery({ outTradeNo: 'library-0004' }), { errCode: 0, tradeState: 'NOTPAY' })
    await paid(till, 'library-0004')
    const found = await till.pay.orderQuery({ outTradeNo: 'library-0004' })
    t.match(found, {
      errCode: 0,
      errMsg: 'payment.orderQuery ok',
      appId: till.platforms.app.appId,
      mchId: till.platforms.merchant.mchId,
      outTradeNo: 'library-0004',
      transactionId: String,
      tradeState: 'SUCCESS',
      totalFee: 57,
      cashFee: 57,
    })
    const { transactionId = '' } = found
    t.match(await till.pay.orderQuery({ transactionId }), { outTradeNo: 'library-0004' })
    t.match(await failureOf(till.pay.orderQuery({ outTradeNo: 'library-none' })), {
      errCode: 'ORDER_NOT_FOUND',
    })
  })

  t.test(`payment.closeOrder, ${version}`, async (t) => {
    const { pay, order, clock } = await openTill(t, version)
    await pay.getOrderInfo(order('library-0005'))
    await clock.advance(5 * 60_000)
    t.match(await pay.closeOrder({ outTradeNo: 'library-0005' }), { errCode: 0, mchId: String })
    t.match(await pay.orderQuery({ outTradeNo: 'library-0005' }), { tradeState: 'CLOSED' })
  })

  t.test(`payment.cancelOrder, ${version}`, async (t) => {
    const { pay } = await openTill(t, version)
    t.match(await failureOf(pay.cancelOrder({ outTradeNo: 'library-0006' })), {
      errCode: 'NOT_OFFERED',
      errMsg: /^payment\.cancelOrder/,
    })
  })

  t.test(`payment.refund, payment.refundQuery and payment.verifyRefundNotify, ${version}`, async (t) => {
    const till = await openTill(t, version)
    const { pay, platforms, clock, merchant, lastEvent } = till
    await paid(till, 'library-0007')
    const wish = Object.freeze({
      outTradeNo: 'library-0007',
      outRefundNo: 'refund-0007',
      totalFee: 57,
      refundFee: 20,
      refundDesc: '退货',
      notifyUrl: merchant.notifyUrl,
    })
    t.match(await pay.refund(wish), {
      errCode: 0,
      errMsg: 'payment.refund ok',
      outTradeNo: 'library-0007',
      transactionId: String,
      outRefundNo: 'refund-0007',
      refundId: String,
      refundFee: 20,
      cashRefundFee: 20,
    })
    await clock.advance(REFUND_MS)
    await platforms.tick()
    t.match(await pay.refundQuery({ outTradeNo: 'library-0007', outRefundNo: 'refund-0007' }), {
      errCode: 0,
      outTradeNo: 'library-0007',
      transactionId: String,
      totalFee: 57,
      refundFee: 20,
      refundList: [
        {
          outRefundNo: 'refund-0007',
          refundId: String,
          refundFee: 20,
          refundStatus: 'SUCCESS',
          refundSuccessTime: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
        },
      ],
    })
    t.match(await pay.verifyRefundNotify(lastEvent()), {
      errCode: 0,
      outTradeNo: 'library-0007',
      transactionId: String,
      outRefundNo: 'refund-0007',
      refundId: String,
      totalFee: 57,
      refundFee: 20,
      refundStatus: 'SUCCESS',
      refundRecvAccout: String,
    })
    t.match(await failureOf(pay.verifyPaymentNotify(lastEvent())), { errCode: 'OTHER_NOTICE' })
    t.match(await failureOf(pay.refund({ ...wish, outRefundNo: undefined })), {
      errCode: 'INVALID_PARAM',
      errMsg: /^outRefundNo: required/,
    })
    t.match(await failureOf(pay.refundQuery({ outRefundNo: 'refund-none' })), { errCode: 'REFUND_NOT_FOUND' })
  })

  t.test(`payment.downloadBill and payment.downloadFundflow, ${version}`, async (t) => {
    const till = await openTill(t, version)
    await paid(till, 'library-0008')
    await till.clock.advance(36 * 3_600_000)
    const { content } = await till.pay.downloadBill({ billDate: '20500101' })
    t.match(content, /^\ufeff?交易时间,公众账号ID,商户号/)
    t.match(content, /`library-0008,/)
    const flow = await till.pay.downloadFundflow({ billDate: '20500101' })
    t.match(flow, { errCode: 0, content: /^\ufeff?记账时间,/ })
  })

  t.test(`payment.verifyPaymentNotify, ${version}`, async (t) => {
    const till = await openTill(t, version)
    const { pay, lastEvent } = till
    await paid(till, 'library-0009')
    const event = lastEvent()
    t.match(await pay.verifyPaymentNotify(event), {
      errCode: 0,
      errMsg: 'payment.verifyPaymentNotify ok',
      totalFee: 57,
      cashFee: 57,
      feeType: 'CNY',
      outTradeNo: 'library-0009',
      transactionId: String,
      timeEnd: /^\d{14}$/,
      openid: till.platforms.openid('alice'),
      returnCode: 'SUCCESS',
      resultCode: 'SUCCESS',
    })
    const body = Buffer.from(String(event.body), 'base64').toString()
    t.match(await pay.verifyPaymentNotify({ ...event, isBase64Encoded: false, body }), { totalFee: 57 })
    const fcEvent = {
      version: 'v1',
      rawPath: '/notice',
      headers: event.headers,
      requestContext: { http: { method: 'POST', path: '/notice' } },
      body: event.body,
      isBase64Encoded: true,
    }
    const onFc = await pay.verifyPaymentNotify(Buffer.from(JSON.stringify(fcEvent)))
    t.equal(onFc.outTradeNo, 'library-0009', 'Function Compute hands over bytes')
    t.match(await failureOf(pay.verifyPaymentNotify(Buffer.from('{}'))), { errMsg: /^event: / })
    const forged = { ...event, isBase64Encoded: false, body: body.replace(/.(?=.{40}$)/s, '0') }
    for (const refused of [forged, { ...event, body: '' }, { httpMethod: 'POST', headers: {} }, undefined]) {
      t.match(await failureOf(pay.verifyPaymentNotify(refused)), {
        errCode: 'NOTICE_REFUSED',
        errMsg: 'not an authentic notice for this merchant and application',
        cause: Error,
      })
    }
    t.match(await failureOf(pay.verifyRefundNotify(event)), { errCode: 'OTHER_NOTICE' })
  })
}

t.test('the ES module does the same', async (t) => {
  const { platforms, clock, merchant, openapi, lastEvent } = await openShop(t, await libraryModule())
  const { auth, wxacode, payment } = openapi('v3')
  const { openid } = await auth.code2Session(platforms.login('alice'))
  t.match(await wxacode.get({ path: 'pages/index/index' }), { buffer: Buffer })
  const order = {
    openid,
    outTradeNo: 'library-0010',
    totalFee: 57,
    body: '茶',
    notifyUrl: merchant.notifyUrl,
  }
  await platforms.requestPayment(await payment.getOrderInfo(order))
  t.match(await payment.verifyPaymentNotify(lastEvent()), { outTradeNo: 'library-0010', totalFee: 57 })
  await clock.advance(36 * 3_600_000)
  t.match(await payment.downloadBill({ billDate: '20500101' }), { content: /`library-0010,/ })
})
