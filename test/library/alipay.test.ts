import t, { type Test } from 'tap'
import { canonical } from '../../shared/alipay/signature.js'
import type { Alipay, AlipayOptions } from '../../shared/library/index.js'
import {
  type Answerer,
  APP_ID,
  BUYER_ID,
  biz,
  done,
  failed,
  type Gateway,
  listen,
  merchant,
  type Params,
  pem,
  platform,
  SELLER_ID,
  sdk,
  signWith,
} from '../alipay/fixtures.js'
import { failureOf, freshLibrary } from './built.js'

/** What the reference document shows of `initAlipay`, each under its own name; the published SDK judges what is sent. */

const judge = sdk({ alipayPublicKey: pem(merchant.publicKey) })

/** One line of base64, as Alipay's tool gives keys. */
const bare = (text: string): string => text.replace(/-----[^-]+-----|\s/g, '')

const options: AlipayOptions = {
  appId: APP_ID,
  privateKey: bare(pem(merchant.privateKey)),
  keyType: 'PKCS8',
  alipayPublicKey: bare(pem(platform.publicKey)),
}

async function open(
  t: Test,
  answer: Answerer,
  more: Partial<AlipayOptions> = {},
): Promise<Gateway & { openapi: Alipay }> {
  const gateway = await listen(t, answer)
  const endpoints = { alipayGateway: gateway.url }
  return Object.assign(gateway, { openapi: freshLibrary().initAlipay({ ...options, endpoints, ...more }) })
}

const TRADE_NO = '2026010122001468450512505578'
const trade = { out_trade_no: 'ORDER_0001', trade_no: TRADE_NO }
const order = Object.freeze({
  openid: BUYER_ID,
  subject: '订单标题',
  body: '商品描述',
  outTradeNo: 'ORDER_0001',
  totalFee: 29,
  notifyUrl: 'https://shop.example.com/notice',
})

t.test('auth.code2Session', async (t) => {
  const { openapi, received } = await open(t, (params) =>
    done(params, { user_id: BUYER_ID, access_token: 'of the user', expires_in: '300' }),
  )
  t.match(await openapi.auth.code2Session('a code'), { openid: BUYER_ID, errCode: 0 })
  t.match(await openapi.auth.code2Session({ code: 'a code', needKey: true }), { accessToken: 'of the user' })
  t.match(received[0], { method: 'alipay.system.oauth.token', code: 'a code', app_id: APP_ID })
  t.ok(judge.checkNotifySignV2(received[0]))
})

t.test('acode.getMiniCode, subscribeMessage.send, security and request', async (t) => {
  const { openapi, received } = await open(t, (params) =>
    done(params, { qr_code_url: 'https://mobilecodec.alipay.com/1' }),
  )
  t.match(await openapi.acode.getMiniCode({ page: 'pages/index/index', scene: 'a=1' }), {
    errCode: 0,
    qrCodeUrl: /^https:/,
  })
  const message = { touser: BUYER_ID, templateId: 'tpl', data: { keyword1: { value: '11' } } }
  t.match(await openapi.subscribeMessage.send(message), {
    errCode: 0,
    errMsg: 'openapi.subscribeMessage.send:ok',
  })
  t.match(biz(received[1]), { to_user_id: BUYER_ID, data: '{"keyword1":{"value":"11"}}' })
  t.match(await failureOf(openapi.security.msgSecCheck({ content: 'x' })), { errCode: 'NOT_OFFERED' })
  const any = { method: 'alipay.open.app.qrcode.create', data: { biz_content: { describe: '推广' } } }
  t.match(await openapi.request(any), { qr_code_url: String })
})

t.test('payment.getOrderInfo in a mini program', async (t) => {
  const { openapi, received } = await open(t, (params) => done(params, trade))
  t.equal(await openapi.payment.getOrderInfo(order), TRADE_NO)
  t.equal(await openapi.getOrderInfo(order), TRADE_NO, 'as in uni-pay, on the instance itself')
  t.match(received[0], { method: 'alipay.trade.create', notify_url: order.notifyUrl })
  t.match(biz(received[0]), { total_amount: '0.29', subject: '订单标题', buyer_id: BUYER_ID })
  t.ok(judge.checkNotifySignV2(received[0]))
})

t.test('payment.getOrderInfo in an app', async (t) => {
  const { openapi, received } = await open(t, () => '', { clientType: 'app-plus' })
  const text = await openapi.payment.getOrderInfo(order)
  t.ok(judge.checkNotifySignV2(Object.fromEntries(new URLSearchParams(text))))
  t.equal(received.length, 0)
  const h5 = openapi.payment.getOrderInfo({ ...order, clientType: 'h5' })
  t.match(await failureOf(h5), { errMsg: /^clientType: / })
})

const paid = {
  ...trade,
  buyer_user_id: BUYER_ID,
  trade_status: 'TRADE_SUCCESS',
  total_amount: '0.29',
  settle_amount: '0.28',
  buyer_pay_amount: '0.20',
}

t.test('payment.orderQuery', async (t) => {
  const gateway = await open(t, (params) => done(params, paid))
  const { payment } = gateway.openapi
  t.match(await payment.orderQuery({ outTradeNo: 'ORDER_0001' }), {
    errCode: 0,
    outTradeNo: 'ORDER_0001',
    transactionId: TRADE_NO,
    tradeState: 'SUCCESS',
    totalFee: 29,
    settlementTotalFee: 28,
    cashFee: 20,
  })
  gateway.answer = (params) => failed(params, 'ACQ.TRADE_NOT_EXIST')
  t.match(await failureOf(payment.orderQuery({ transactionId: TRADE_NO })), { errCode: 'ORDER_NOT_FOUND' })
})

t.test('payment.closeOrder and payment.cancelOrder', async (t) => {
  const gateway = await open(t, (params) => done(params, { ...trade, retry_flag: 'N', action: 'close' }))
  const { payment } = gateway.openapi
  const names = { errCode: 0, outTradeNo: 'ORDER_0001', transactionId: TRADE_NO }
  t.match(await payment.closeOrder({ transactionId: TRADE_NO }), names)
  t.match(await payment.cancelOrder({ outTradeNo: 'ORDER_0001' }), { ...names, action: 'close' })
  t.match(gateway.received, [{ method: 'alipay.trade.close' }, { method: 'alipay.trade.cancel' }])
})

t.test('payment.refund', async (t) => {
  const { openapi, received } = await open(t, (params) =>
    done(params, { ...trade, fund_change: 'Y', refund_fee: '0.25', present_refund_buyer_amount: '0.08' }),
  )
  const wish = Object.freeze({ outTradeNo: 'ORDER_0001', outRefundNo: 'REFUND_1', refundFee: 10 })
  t.match(await openapi.payment.refund(wish), {
    errCode: 0,
    outTradeNo: 'ORDER_0001',
    transactionId: TRADE_NO,
    refundFee: 10,
    cashRefundFee: 8,
    refundStatus: 'SUCCESS',
  })
  await openapi.payment.refund({ outTradeNo: 'ORDER_0001', refundFee: 29 })
  t.match(received.map(biz), [
    { out_request_no: 'REFUND_1', refund_amount: '0.10' },
    { out_request_no: 'ORDER_0001', refund_amount: '0.29' },
  ])
  const nameless = openapi.payment.refund({ transactionId: TRADE_NO, refundFee: 29 })
  t.match(await failureOf(nameless), { errMsg: /^outRefundNo: required/ })
})

t.test('payment.refundQuery', async (t) => {
  const gateway = await open(t, (params) =>
    done(params, {
      ...trade,
      out_request_no: 'REFUND_1',
      refund_amount: '0.10',
      total_amount: '0.29',
      refund_status: 'REFUND_SUCCESS',
      refund_reason: '退货',
      refund_settlement_id: 'S1',
      refund_royaltys: [{ refund_amount: '0.01', royalty_type: 'transfer' }],
    }),
  )
  const { payment } = gateway.openapi
  const query = { outTradeNo: 'ORDER_0001', outRefundNo: 'REFUND_1' }
  const answer = await payment.refundQuery(query)
  t.match(answer, {
    errCode: 0,
    outTradeNo: 'ORDER_0001',
    transactionId: TRADE_NO,
    totalFee: 29,
    refundId: 'S1',
    refundFee: 10,
    refundDesc: '退货',
    refundRoyaltys: [{ refundAmount: 1 }],
  })
  t.notOk('refundList' in answer)
  gateway.answer = (params) => done(params, trade)
  t.match(await failureOf(payment.refundQuery(query)), { errCode: 'REFUND_NOT_FOUND' })
})

t.test('payment.downloadFundflow', async (t) => {
  const { openapi } = await open(t, () => '')
  t.match(await failureOf(openapi.payment.downloadFundflow({ billDate: '20260101' })), {
    errCode: 'NOT_OFFERED',
  })
})

const notice: Params = {
  app_id: APP_ID,
  notify_type: 'trade_status_sync',
  trade_status: 'TRADE_SUCCESS',
  ...trade,
  total_amount: '0.29',
  buyer_pay_amount: '0.20',
  buyer_id: BUYER_ID,
  seller_id: SELLER_ID,
  gmt_payment: '2026-01-01 15:56:24',
  subject: '50% off',
  charset: 'utf-8',
  sign_type: 'RSA2',
}

function eventOf(fields: Params) {
  const sign = signWith(platform.privateKey, canonical(Object.entries(fields), ['sign_type']))
  return {
    path: '/notice',
    httpMethod: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    isBase64Encoded: false,
    body: new URLSearchParams({ ...fields, sign }).toString(),
  }
}

t.test('payment.verifyPaymentNotify', async (t) => {
  const { payment } = (await open(t, () => '')).openapi
  t.match(await payment.verifyPaymentNotify(eventOf(notice)), {
    errCode: 0,
    totalFee: 29,
    cashFee: 20,
    feeType: 'CNY',
    outTradeNo: 'ORDER_0001',
    transactionId: TRADE_NO,
    timeEnd: '20260101155624',
    openid: BUYER_ID,
    returnCode: 'SUCCESS',
  })
  const genuine = eventOf(notice)
  const forged = { ...genuine, body: genuine.body.replace('0.29', '0.01') }
  t.match(await failureOf(payment.verifyPaymentNotify(forged)), { errCode: 'NOTICE_REFUSED' })
  const foreign = await open(t, () => '', { sellerId: '2088000000000000' })
  t.match(await failureOf(foreign.openapi.verifyPaymentNotify(genuine)), { errCode: 'NOTICE_REFUSED' })
})

t.test('payment.verifyRefundNotify: a refund is told in the notice of its payment', async (t) => {
  const { payment } = (await open(t, () => '')).openapi
  const refund = { refund_fee: '0.10', gmt_refund: '2026-01-02 10:00:00.123', out_biz_no: 'REFUND_1' }
  const partial = eventOf({ ...notice, ...refund })
  t.match(await payment.verifyRefundNotify(partial), {
    errCode: 0,
    totalFee: 29,
    outRefundNo: 'REFUND_1',
    refundStatus: 'SUCCESS',
    refundSuccessTime: '2026-01-02 10:00:00',
  })
  t.match(await payment.verifyPaymentNotify(partial), { returnCode: 'SUCCESS', refundFee: 10 })
  const whole = eventOf({ ...notice, ...refund, refund_fee: '0.29', trade_status: 'TRADE_CLOSED' })
  const { returnCode, resultCode, tradeState } = await payment.verifyPaymentNotify(whole)
  t.same(
    { returnCode, resultCode, tradeState },
    { returnCode: 'FAIL', resultCode: 'FAIL', tradeState: 'REFUND' },
  )
  t.match(await failureOf(payment.verifyRefundNotify(eventOf(notice))), { errCode: 'OTHER_NOTICE' })
})

t.test('options', async (t) => {
  const { initAlipay } = freshLibrary()
  const keyless = initAlipay({ appId: APP_ID, privateKey: options.privateKey })
  t.match(await failureOf(keyless.payment.orderQuery({ outTradeNo: 'ORDER_0001' })), {
    errMsg: /set alipayPublicKey/,
    advice: 'fix the settings',
  })
  const sandbox = initAlipay({ ...options, sandbox: true, clientType: 'app' })
  t.ok(await sandbox.getOrderInfo(order))
  const { openapi, received } = await open(t, (params) => done(params, trade), { sandbox: true })
  await openapi.getOrderInfo(order)
  t.equal(received.length, 1, 'an address that was given wins')
})
