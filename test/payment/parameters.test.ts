import t, { type Test } from 'tap'
import { readFlatXml } from '../../shared/xml/flatXml.js'
import { doors } from './doors.js'
import type { Fields } from './house.js'
import {
  NEXT_REFUND_MS,
  ORDER_NO,
  openShop,
  type Provider,
  patiently,
  providers,
  type Shop,
  TOTAL,
} from './shop.js'

/** What an order and a refund may say beside their amounts: the same at both doors, in each provider's own names. */

const GOODS = [{ goodsId: 'tea-1', goodsName: '乌龙茶', quantity: 1, price: TOTAL }]
const STORE = { id: '0001', name: '人民路店', areaCode: '440305', address: '人民路 1 号' }

/** In the words of the callers. */
const weixin: Fields = {
  profitSharing: true,
  limitPay: 'no_credit',
  goodsTag: 'SPRING',
  deviceInfo: 'counter-2',
  receipt: 'Y',
  detail: { costPrice: 2500, receiptId: 'wx123', goodsDetail: GOODS },
  sceneInfo: { storeInfo: STORE },
  tradeType: 'JSAPI',
  productId: 'p-77',
  timeStart: '20500101080000',
}

const alipay: Fields = {
  subject: '茶',
  body: '一杯乌龙茶',
  timeoutExpress: '30m',
  passbackParams: 'a=1&b=茶',
  extendParams: { sysServiceProviderId: '2088511833207846', hbFqNum: 3, hbFqSellerPercent: '100' },
  goodsDetail: GOODS,
  storeId: 'NJ_001',
  queryOptions: ['fund_bill_list'],
}

const given: Readonly<Record<Provider, Fields>> = { 'weixin-v2': weixin, 'weixin-v3': weixin, alipay }

/** What goes over the wire for them. */
const wire: Readonly<Record<Provider, Fields>> = {
  'weixin-v2': {
    profit_sharing: 'Y',
    limit_pay: 'no_credit',
    goods_tag: 'SPRING',
    device_info: 'counter-2',
    receipt: 'Y',
    detail:
      '{"cost_price":2500,"receipt_id":"wx123","goods_detail":[{"goods_id":"tea-1","goods_name":"乌龙茶","quantity":1,"price":1999}]}',
    version: '1.0',
    scene_info: '{"store_info":{"id":"0001","name":"人民路店","area_code":"440305","address":"人民路 1 号"}}',
    trade_type: 'JSAPI',
    product_id: 'p-77',
    time_start: '20500101080000',
  },
  'weixin-v3': {
    settle_info: { profit_sharing: true },
    limit_pay: ['no_credit'],
    goods_tag: 'SPRING',
    support_fapiao: true,
    detail: {
      cost_price: 2500,
      invoice_id: 'wx123',
      goods_detail: [{ merchant_goods_id: 'tea-1', goods_name: '乌龙茶', quantity: 1, unit_price: 1999 }],
    },
    scene_info: {
      payer_client_ip: '127.0.0.1',
      device_id: 'counter-2',
      store_info: { id: '0001', name: '人民路店', area_code: '440305', address: '人民路 1 号' },
    },
  },
  alipay: {
    subject: '茶',
    body: '一杯乌龙茶',
    timeout_express: '30m',
    time_expire: undefined,
    passback_params: 'a%3D1%26b%3D%E8%8C%B6',
    extend_params: {
      sys_service_provider_id: '2088511833207846',
      hb_fq_num: '3',
      hb_fq_seller_percent: '100',
    },
    goods_detail: [{ goods_id: 'tea-1', goods_name: '乌龙茶', quantity: 1, price: '19.99' }],
    store_id: 'NJ_001',
    query_options: ['fund_bill_list'],
  },
}

/** A server's own fields, and how each provider is sent them. */
const extra: Readonly<Record<Provider, [given: Fields, wire: Fields]>> = {
  'weixin-v2': [
    { sub_openid: 'oSub', user_creid: { no: 1 } },
    { sub_openid: 'oSub', user_creid: '{"no":1}' },
  ],
  'weixin-v3': [
    { payer: { identity: { type: 'IDCARD' } }, subsidy_info: [{ id: 1 }] },
    { subsidy_info: [{ id: 1 }] },
  ],
  alipay: [
    { enable_pay_channels: 'balance', business_params: { mcCreateTradeIp: '203.0.113.7' } },
    { enable_pay_channels: 'balance', business_params: { mcCreateTradeIp: '203.0.113.7' } },
  ],
}

const orderPath: Readonly<Record<Provider, string>> = {
  'weixin-v2': 'weixin-pay-v2.unifiedorder',
  'weixin-v3': 'weixin-pay-v3.jsapi',
  alipay: 'alipay.trade.create',
}

/** The bodies of all requests to an endpoint, as fields. */
function sent({ platforms, provider }: Shop, api: string): Fields[] {
  return platforms.requests
    .filter((request) => request.api === api || request.path === api)
    .map(({ body }) => {
      if (provider === 'weixin-v3') return JSON.parse(body.toString()) as Fields
      if (provider === 'weixin-v2') return Object.fromEntries(readFlatXml(body.toString()))
      return JSON.parse(new URLSearchParams(body.toString()).get('biz_content') ?? '') as Fields
    })
}

const orderOf = ({ provider, platforms }: Shop, more: Fields): Fields => ({
  outTradeNo: ORDER_NO,
  totalFee: TOTAL,
  body: 'tea',
  openid: provider === 'alipay' ? platforms.alipay.openid('alice') : platforms.openid('alice'),
  ...more,
})

const sentOrders = (shop: Shop): Fields[] => sent(shop, orderPath[shop.provider])

for (const [door, ask] of Object.entries(doors)) {
  for (const provider of providers) {
    t.test(`${provider} by the ${door}: parameters go out under their names on the wire`, async (t) => {
      const shop = await openShop(t, provider)
      const order = orderOf(shop, given[provider])
      const { errMsg, orderInfo } = await ask(shop)('getOrderInfo', order)
      t.match(sentOrders(shop).at(-1), wire[provider], `${errMsg}`)
      await shop.platforms.requestPayment(orderInfo as Fields)
      t.match(await ask(shop)('orderQuery', { outTradeNo: ORDER_NO }), { tradeState: 'SUCCESS' })
    })

    t.test(`${provider} by the ${door}: names of the wire and texts of JSON are taken as well`, async (t) => {
      const shop = await openShop(t, provider)
      const spelt: Fields =
        provider === 'alipay'
          ? {
              ...alipay,
              extendParams: wire.alipay.extend_params,
              goodsDetail: [{ ...(wire.alipay.goods_detail as Fields[])[0] }],
              passbackParams: wire.alipay.passback_params,
            }
          : {
              ...weixin,
              profitSharing: 'Y',
              receipt: true,
              detail: wire['weixin-v2'].detail,
              sceneInfo: wire['weixin-v2'].scene_info,
            }
      const { errMsg } = await ask(shop)('getOrderInfo', orderOf(shop, spelt))
      t.match(sentOrders(shop).at(-1), wire[provider], `${errMsg}`)
    })

    t.test(`${provider} by the ${door}: further fields are signed and sent as given`, async (t) => {
      const shop = await openShop(t, provider)
      const [given, wanted] = extra[provider]
      const { errMsg } = await ask(shop)('getOrderInfo', orderOf(shop, { extra: given }))
      const [body] = sentOrders(shop)
      t.match(body, wanted, `${errMsg}`)
      if (provider === 'weixin-v3') {
        t.match(body, { payer: { openid: String, identity: { type: 'IDCARD' } } }, 'beside ours')
      }
    })

    t.test(`${provider} by the ${door}: no field of ours is overwritten`, async (t) => {
      const shop = await openShop(t, provider)
      const mine: Readonly<Record<Provider, Fields[]>> = {
        'weixin-v2': [{ total_fee: '1' }, { openid: 'x' }, { sign: 'x' }, { mch_id: '1' }, { detail: 'x' }],
        'weixin-v3': [{ amount: { total: 1 } }, { amount: 1 }, { payer: { openid: 'x' } }, { attach: 'x' }],
        alipay: [{ total_amount: '0.01' }, { buyer_id: 'x' }, { time_expire: 'x' }, { store_id: 'x' }],
      }
      for (const extra of [...mine[provider], { Upper: 1 }, { a: null }, { a: 'x'.repeat(9000) }]) {
        const refused = await ask(shop)('getOrderInfo', orderOf(shop, { extra }))
        t.match(refused, { errCode: 'INVALID_PARAM', errMsg: /^extra/ }, JSON.stringify(extra).slice(0, 80))
      }
      t.equal(sentOrders(shop).length, 0)
    })

    t.test(`${provider} by the ${door}: the other system's parameters are refused by name`, async (t) => {
      const shop = await openShop(t, provider)
      const foreign = provider === 'alipay' ? weixin : { ...alipay, subject: undefined, body: undefined }
      for (const [name, value] of Object.entries(foreign)) {
        if (value === undefined) continue
        const refused = await ask(shop)('getOrderInfo', orderOf(shop, { [name]: value }))
        t.match(refused, { errCode: 'INVALID_PARAM', errMsg: new RegExp(`^${name}: only `) }, name)
      }
      t.equal(sentOrders(shop).length, 0)
    })

    t.test(`${provider} by the ${door}: a refund's further fields`, async (t) => {
      const shop = await openShop(t, provider)
      await shop.pay()
      const [given, wanted] = refundExtra[provider]
      const refund = { outTradeNo: ORDER_NO, outRefundNo: 'R1', totalFee: TOTAL, refundFee: 500, ...given }
      t.match(await ask(shop)('refund', refund), { errCode: 0 })
      t.match(sent(shop, shop.api.refund), [wanted])
      await shop.house.clock.advance(NEXT_REFUND_MS)
      for (const extra of refusedExtra[provider]) {
        const refused = await ask(shop)('refund', { ...refund, outRefundNo: 'R2', extra })
        t.match(refused, { errCode: 'INVALID_PARAM', errMsg: /^extra\./ }, JSON.stringify(extra))
      }
      t.equal(shop.asked(shop.api.refund), 1)
    })
  }
}

for (const [door, ask] of Object.entries(doors)) {
  t.test(`by the ${door}: questions to Alipay name further fields, and answer them`, async (t) => {
    const shop = await openShop(t, 'alipay')
    await shop.pay()
    const more = { queryOptions: ['refund_detail_item_list'] }
    const refund = { outTradeNo: ORDER_NO, outRefundNo: 'R1', totalFee: TOTAL, refundFee: 500, ...more }
    const items = { sendBackFee: 500, refundDetailItemList: [{ fundChannel: 'ALIPAYACCOUNT', amount: 500 }] }
    t.match(await ask(shop)('refund', refund), { errCode: 0, ...items })
    const query = { outTradeNo: ORDER_NO, outRefundNo: 'R1' }
    t.match(await ask(shop)('refundQuery', { ...query, ...more }), { errCode: 0, refundFee: 500, ...items })
    t.match(sent(shop, shop.api.refundQuery).at(-1), {
      query_options: ['gmt_refund_pay', 'refund_detail_item_list'],
    })
    t.notMatch(await ask(shop)('refundQuery', query), { sendBackFee: 500 })
    const order = { outTradeNo: ORDER_NO, queryOptions: ['fund_bill_list'] }
    t.match(await ask(shop)('orderQuery', order), {
      ...{ errCode: 0, tradeState: 'SUCCESS' },
      fundBillList: [{ fundChannel: 'ALIPAYACCOUNT', amount: TOTAL }],
    })
    t.match(sent(shop, shop.api.query).at(-1), { query_options: ['fund_bill_list'] })
    const weixin = await openShop(t, 'weixin-v3')
    const refused = { errMsg: /^queryOptions: only Alipay/ }
    t.match(await ask(weixin)('refundQuery', { ...query, ...more }), refused)
    t.match(await ask(weixin)('orderQuery', order), refused)
  })
}

t.test('a client asks for no further fields', async (t) => {
  const shop = await openShop(t, 'alipay')
  await shop.place()
  const sessionToken = await shop.house.login(shop.platforms.alipay.openid('alice'))
  const query = { outTradeNo: ORDER_NO, queryOptions: ['fund_bill_list'], sessionToken }
  t.match(await shop.house.client('orderQuery', query), {
    ...{ errCode: 'INVALID_PARAM', errMsg: /^queryOptions: not taken from a client/ },
  })
})

for (const [door, ask] of Object.entries(doors)) {
  t.test(`by the ${door}: no order says what its own notices would be refused for`, async (t) => {
    const recut = 's&trade_no=2026&trade_status=TRADE_SUCCESS'
    const shop = await openShop(t, 'alipay')
    // Columns of a bill of one's own behind the name of the goods.
    const columns = 'tea,2050-01-01 10:00:00,2050-01-01 10:00:00,,,,,0.01'
    const told = [{ subject: recut }, { subject: 'tea', body: recut }, { body: recut }, { body: columns }]
    for (const texts of told) {
      const refused = await ask(shop)('getOrderInfo', orderOf(shop, { body: undefined, ...texts }))
      t.match(refused, { errCode: 'INVALID_PARAM', errMsg: /^(?:subject|body): expected a text without/ })
    }
    t.match(await ask(shop)('getOrderInfo', orderOf(shop, { body: 'tea & cake, a=1&b=2' })), { errCode: 0 })
    const v2 = await openShop(t, 'weixin-v2')
    const refused = await ask(v2)('getOrderInfo', orderOf(v2, { deviceInfo: 'x&total_fee=1' }))
    t.match(refused, { errCode: 'INVALID_PARAM', errMsg: /^deviceInfo: / })
    t.match(await ask(v2)('getOrderInfo', orderOf(v2, { attach: 'x&total_fee=1' })), { errCode: 0 })
  })
}

const refundExtra: Readonly<Record<Provider, [given: Fields, wire: Fields]>> = {
  'weixin-v2': [{ extra: { sub_mch_id: '1900000110' } }, { sub_mch_id: '1900000110' }],
  'weixin-v3': [
    { extra: { amount: { from: [{ account: 'AVAILABLE', amount: 500 }] } } },
    { amount: { refund: 500, from: [{ account: 'AVAILABLE', amount: 500 }] } },
  ],
  alipay: [
    { extra: { operator_id: 'op_1' }, storeId: 'NJ_001', queryOptions: ['refund_detail_item_list'] },
    { operator_id: 'op_1', store_id: 'NJ_001', query_options: ['refund_detail_item_list'] },
  ],
}

const refusedExtra: Readonly<Record<Provider, Fields[]>> = {
  'weixin-v2': [{ refund_fee: '1' }, { out_refund_no: 'x' }],
  'weixin-v3': [{ amount: { refund: 1 } }, { out_refund_no: 'x' }],
  alipay: [{ refund_amount: '0.01' }, { out_request_no: 'x' }, { refund_detail: [] }],
}

t.test('a client brings none of them, whatever is opened', async (t: Test) => {
  for (const provider of providers) {
    const shop = await openShop(t, provider, { env: { ALLOW_CLIENT_PRICING: 'on' } })
    await shop.place()
    const sessionToken = await shop.house.login(shop.platforms.openid('alice'))
    const more = {
      ...given[provider],
      extra: { any: 'thing' },
      feeType: 'CNY',
      spbillCreateIp: '203.0.113.9',
    }
    for (const [name, value] of Object.entries({ ...more, timeExpire: '20500101090000' })) {
      if (name === 'subject' || name === 'body') continue
      for (const asked of [{ outTradeNo: ORDER_NO }, { outTradeNo: 'T20500102', totalFee: 1, body: 'x' }]) {
        const refused = await shop.house.client('getOrderInfo', { ...asked, sessionToken, [name]: value })
        t.match(refused, {
          errCode: 'INVALID_PARAM',
          errMsg: new RegExp(`^${name}: not taken from a client`),
        })
      }
    }
  }
})

for (const provider of providers) {
  t.test(`${provider}: what an order says is kept with it and said again byte for byte`, async (t) => {
    const shop = await openShop(t, provider)
    const { house } = shop
    const order = orderOf(shop, { ...given[provider], extra: extra[provider][0] })
    t.match(await house.server('createOrder', order), { errCode: 0 })
    t.match(await house.server('createOrder', order), { errCode: 0 }, 'the same order again')
    const other = { ...order, extra: { other: 'x' } }
    t.match(await house.server('createOrder', other), { errCode: 'OUT_TRADE_NO_USED' })
    await shop.offer()
    await house.clock.advance(61_000)
    await shop.offer()
    const [first, second, third] = sentOrders(shop).map((body) =>
      Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'nonce_str' && name !== 'sign')),
    )
    t.match(first, { ...wire[provider], ...extra[provider][1] })
    t.equal(JSON.stringify(second), JSON.stringify(first))
    t.equal(third, undefined)
    const again = { outTradeNo: ORDER_NO, extra: { other: 'x' } }
    t.match(await house.server('getOrderInfo', again), { errCode: 'OUT_TRADE_NO_USED' })
  })

  t.test(`${provider}: a refund of unknown outcome is repeated byte for byte`, async (t) => {
    const shop = await openShop(t, provider)
    await shop.pay()
    const [given] = refundExtra[provider]
    shop.platforms.faults.next(shop.api.refund, 'html')
    if (provider === 'alipay') shop.platforms.faults.next(shop.api.refund, 'html')
    if (provider === 'alipay') shop.platforms.faults.next(shop.api.refund, 'html')
    t.match(await patiently(shop, shop.refund('R1', 500, given)), { outcome: 'unknown' })
    await shop.house.clock.advance(NEXT_REFUND_MS)
    t.match(await patiently(shop, shop.refund('R1', 500)), { errCode: 0 })
    const bodies = sent(shop, shop.api.refund).map((body) =>
      JSON.stringify(
        Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'nonce_str' && name !== 'sign')),
      ),
    )
    t.ok(bodies.length > 1)
    t.equal(new Set(bodies).size, 1)
  })
}
