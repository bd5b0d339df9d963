import t from 'tap'
import type { Alipay, AlipayOptions, Weixin } from '../../shared/library/index.js'
import { readFlatXml } from '../../shared/xml/flatXml.js'
import { APP_ID, BUYER_ID, done, listen, merchant, pem, platform } from '../alipay/fixtures.js'
import { sentByUniPay } from '../support/peers/uniPay.js'
import { failureOf, freshLibrary } from './built.js'
import { openShop } from './shop.js'

/** `uni-pay` 1.0.2 passes on whatever it is given; what the library sends for the same call is the same. */

type Call = Record<string, unknown>

/** Fields that differ from one request to the next. */
const once = ['nonce_str', 'sign']

const xmlFields = (text: unknown): Call =>
  Object.fromEntries([...readFlatXml(String(text))].filter(([name]) => !once.includes(name)))

const DETAIL = '{"goods_detail":[{"goods_id":"tea-1","goods_name":"茶","quantity":1,"price":57}]}'
const SCENE = '{"store_info":{"id":"0001","name":"人民路店"}}'

t.test('WeChat Pay V2 gets the fields that uni-pay sends', async (t) => {
  const shop = await openShop(t)
  const { platforms } = shop
  const { mchId, key } = platforms.merchant
  const { appId } = platforms.app
  const pay = shop.openapi('v2')
  const order = {
    outTradeNo: 'unipay-0001',
    totalFee: 57,
    body: '茶 & <cake>',
    notifyUrl: shop.merchant.notifyUrl,
  }
  const common = {
    ...{ ...order, openid: platforms.openid('alice'), attach: 'table 7', spbillCreateIp: '203.0.113.7' },
    ...{ profitSharing: 'Y', limitPay: 'no_credit', goodsTag: 'SPRING', deviceInfo: 'counter-2' },
    ...{ receipt: 'Y', productId: 'p-77', tradeType: 'JSAPI', feeType: 'CNY', sceneInfo: SCENE },
    ...{ timeStart: '20500101080000', timeExpire: '20500101100000' },
  }
  const refund = {
    ...{ outTradeNo: 'unipay-0001', outRefundNo: 'R1', totalFee: 57, refundFee: 9, refundDesc: '洒了' },
    ...{ refundFeeType: 'CNY', refundAccount: 'REFUND_SOURCE_RECHARGE_FUNDS', notifyUrl: order.notifyUrl },
  }
  const day = { billDate: '20491231', tarType: 'GZIP' }
  const calls: readonly [method: keyof Weixin['payment'], given: Call, path: string, ours?: Call][] = [
    ['getOrderInfo', common, '/pay/unifiedorder'],
    // Without a version WeChat takes the list of goods for mere text.
    ['getOrderInfo', { ...common, detail: DETAIL }, '/pay/unifiedorder', { version: '1.0' }],
    ['getOrderInfo', { ...common, outTradeNo: 'unipay-0002', signType: 'HMAC-SHA256' }, '/pay/unifiedorder'],
    ['orderQuery', { outTradeNo: 'unipay-0001' }, '/pay/orderquery'],
    ['orderQuery', { outTradeNo: 'unipay-0001', signType: 'HMAC-SHA256' }, '/pay/orderquery'],
    ['closeOrder', { outTradeNo: 'unipay-0001', signType: 'HMAC-SHA256' }, '/pay/closeorder'],
    ['refund', { ...refund, signType: 'HMAC-SHA256' }, '/secapi/pay/refund'],
    ['refund', refund, '/secapi/pay/refund'],
    ['refundQuery', { outRefundNo: 'R1', offset: 0, signType: 'HMAC-SHA256' }, '/pay/refundquery'],
    ['downloadBill', { ...day, billType: 'REFUND', signType: 'HMAC-SHA256' }, '/pay/downloadbill'],
    ['downloadFundflow', { ...day, accountType: 'Fees' }, '/pay/downloadfundflow'],
    ['downloadFundflow', { ...day, signType: 'HMAC-SHA256' }, '/pay/downloadfundflow'],
  ]
  for (const [method, given, path, ours = {}] of calls) {
    const theirs = await sentByUniPay(({ initWeixin }) => {
      const uniPay = initWeixin({ appId, mchId, key, clientType: 'mp-weixin', pfx: platforms.files.pfx() })
      return uniPay[method as 'refund']({ ...given })
    })
    t.ok(theirs.url.endsWith(path), path)
    await pay.payment[method as 'refund'](given as never).catch(() => undefined)
    const request = platforms.requests.filter((one) => one.path === path).at(-1)
    t.strictSame(
      xmlFields(request?.body),
      { ...xmlFields(theirs.data), ...ours },
      `${method} ${given.signType ?? ''}`,
    )
  }
})

t.test('signType of a call counts for that call alone, and for WeChat Pay V2 alone', async (t) => {
  const shop = await openShop(t)
  const pay = shop.openapi('v2').payment
  const order = (outTradeNo: string) => ({
    ...{ outTradeNo, totalFee: 57, body: '茶', openid: shop.platforms.openid('alice') },
    notifyUrl: shop.merchant.notifyUrl,
  })
  const signed = await pay.getOrderInfo({ ...order('unipay-0011'), signType: 'HMAC-SHA256' })
  t.equal(signed.signType, 'HMAC-SHA256')
  t.match(await shop.platforms.requestPayment(signed), { order: { state: 'SUCCESS' } })
  t.match(await pay.orderQuery({ outTradeNo: 'unipay-0011', signType: 'HMAC-SHA256' }), {
    tradeState: 'SUCCESS',
  })
  t.equal((await pay.getOrderInfo(order('unipay-0012'))).signType, 'MD5')
  const refused = { errCode: 'INVALID_PARAM', errMsg: /^signType: / }
  const other = { ...order('unipay-0013'), signType: 'SHA1' }
  t.match(await failureOf(pay.getOrderInfo(other as never)), refused)
  const bill = { billDate: '20491231', signType: 'MD5' }
  t.match(await failureOf(pay.downloadFundflow(bill as never)), refused)
  const v3 = shop.openapi('v3').payment
  t.match(await failureOf(v3.getOrderInfo({ ...order('unipay-0014'), signType: 'MD5' })), refused)
  const alipay = freshLibrary().initAlipay(alipayOptions).payment
  t.match(await failureOf(alipay.orderQuery({ outTradeNo: 'x', signType: 'MD5' })), refused)
})

const bare = (text: string): string => text.replace(/-----[^-]+-----|\s/g, '')

const alipayOptions = {
  appId: APP_ID,
  privateKey: bare(pem(merchant.privateKey)),
  keyType: 'PKCS8',
  alipayPublicKey: bare(pem(platform.publicKey)),
} as const satisfies AlipayOptions

/** Amounts are texts here; uni-pay multiplies floats, those too that it was not given, and adds empty lists. */
const asTexts = (content: unknown): unknown =>
  JSON.parse(JSON.stringify(content), (_, value: unknown) => {
    if (typeof value === 'number') return String(value)
    return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value
  })

t.test('Alipay gets the fields that uni-pay sends', async (t) => {
  const gateway = await listen(t, (params) => done(params, { out_trade_no: 'T1', trade_no: '1' }))
  const endpoints = { alipayGateway: gateway.url }
  const pay = freshLibrary().initAlipay({ ...alipayOptions, endpoints }).payment
  const notifyUrl = 'https://shop.example.com/notice'
  const order = {
    ...{ openid: BUYER_ID, subject: '茶', body: '一杯乌龙茶', outTradeNo: 'T1', totalFee: 29, notifyUrl },
    ...{ passbackParams: 'a%3D1', storeId: 'NJ_001', queryOptions: ['fund_bill_list'] },
    extendParams: { sysServiceProviderId: '2088511833207846', hbFqNum: '3', hbFqSellerPercent: '100' },
    goodsDetail: [{ goodsId: 'tea-1', goodsName: '乌龙茶', quantity: 1, price: '0.29' }],
  }
  const refund = {
    ...{ outTradeNo: 'T1', outRefundNo: 'R1', refundFee: 9, refundDesc: '洒了' },
    ...{ storeId: 'NJ_001', queryOptions: ['refund_detail_item_list'] },
  }
  const product = { product_code: 'JSAPI_PAY', op_app_id: APP_ID }
  const calls: readonly [method: keyof Alipay['payment'], given: Call, ours?: Call][] = [
    ['getOrderInfo', { ...order, timeoutExpress: '30m' }, product],
    ['getOrderInfo', { ...order, timeExpire: '2050-01-01 09:00:00' }, product],
    ['orderQuery', { outTradeNo: 'T1', queryOptions: ['fund_bill_list', 'trade_settle_info'] }],
    ['orderQuery', { transactionId: '2026' }],
    ['closeOrder', { outTradeNo: 'T1' }],
    ['cancelOrder', { outTradeNo: 'T1' }],
    ['refund', refund],
    [
      'refundQuery',
      { outTradeNo: 'T1', outRefundNo: 'R1', queryOptions: ['deposit_back_info'] },
      // Asked for anyway: the time of the refund is part of every answer here.
      { query_options: ['gmt_refund_pay', 'deposit_back_info'] },
    ],
  ]
  for (const [method, given, ours = {}] of calls) {
    const theirs = await sentByUniPay(({ initAlipay }) => {
      const uniPay = initAlipay({ ...alipayOptions, clientType: 'mp-alipay' })
      return uniPay[method as 'refund'](structuredClone(given))
    })
    const content = JSON.parse(String((theirs.data as { biz_content: string }).biz_content)) as Call
    await pay[method as 'refund'](given as never).catch(() => undefined)
    const sent = gateway.received.filter(
      (params) => params.method === new URL(theirs.url).searchParams.get('method'),
    )
    t.strictSame(
      asTexts(JSON.parse(sent.at(0)?.biz_content ?? '{}')),
      asTexts({ ...content, ...ours }),
      method,
    )
    t.equal(sent.at(0)?.notify_url, new URL(theirs.url).searchParams.get('notify_url') ?? undefined)
    gateway.received.length = 0
  }
})
