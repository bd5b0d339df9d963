import t from 'tap'
import { beijingDateTime } from '../../../../shared/clock.js'
import { type Json, openShopAlipay } from './merchant.js'

const DAY = 24 * 3600 * 1000
const query = 'alipay.trade.query'

t.test('an order for a mini program, made twice, is one order', async (t) => {
  const shop = await openShopAlipay(t)
  const made = await shop.order('A1')
  t.match(made, {
    isSigned: true,
    fields: { code: '10000', out_trade_no: 'A1', trade_no: /^20500101\d{20}$/ },
  })
  t.strictSame((await shop.order('A1')).fields, made.fields)
  t.match(await shop.order('A1', { total_amount: '19.98' }), {
    isSigned: true,
    fields: { code: '40004', sub_code: 'ACQ.CONTEXT_INCONSISTENT' },
  })
  t.match((await shop.order('A2')).fields, { trade_no: /^\d{28}$/ })
  t.not((await shop.order('A2')).fields.trade_no, made.fields.trade_no)
})

t.test('an order has to be what Alipay takes', async (t) => {
  const shop = await openShopAlipay(t)
  const wrong = 'ACQ.INVALID_PARAMETER'
  const cases: [Json, string][] = [
    [{ out_trade_no: undefined }, wrong],
    [{ out_trade_no: 'A-1' }, wrong],
    [{ total_amount: undefined }, wrong],
    [{ total_amount: 19.99 }, wrong],
    [{ total_amount: '19.990' }, wrong],
    [{ total_amount: '0.00' }, wrong],
    [{ total_amount: '0.57000001' }, wrong],
    [{ subject: null }, wrong],
    [{ subject: 'x'.repeat(257) }, wrong],
    [{ passback_params: 'a=1&b=2' }, wrong],
    [{ time_expire: '2049-12-31 23:59:59' }, wrong],
    [{ timeout_express: '1.5h' }, wrong],
    [{ timeout_express: '16d' }, wrong],
    [{ seller_id: '2088000000000000' }, wrong],
    [{ buyer_open_id: undefined }, wrong],
    [{ buyer_open_id: 'nobody' }, wrong],
    [{ buyer_id: '2088123412341234' }, wrong],
    [{ product_code: 'FACE_TO_FACE_PAYMENT' }, 'ACQ.ACCESS_FORBIDDEN'],
    [{ op_app_id: undefined }, 'ACQ.ACCESS_FORBIDDEN'],
    [{ op_app_id: '2021000000000000' }, 'ACQ.ACCESS_FORBIDDEN'],
    [
      { buyer_open_id: undefined, buyer_id: shop.platforms.alipay.account.sellerId },
      'ACQ.BUYER_SELLER_EQUAL',
    ],
  ]
  for (const [changes, subCode] of cases) {
    const said = await shop.order('A1', changes)
    t.match(said, { isSigned: true, fields: { sub_code: subCode } }, JSON.stringify(changes))
  }
  t.match(
    (await shop.order('A1', { total_amount: '0.1' })).fields,
    { code: '10000' },
    'nothing came of these',
  )
})

t.test('user ids, where the application is told those', async (t) => {
  const shop = await openShopAlipay(t, { alipay: { userIds: 'user_id' } })
  t.match(shop.platforms.alipay.openid('alice'), /^2088\d{12}$/)
  await shop.order('A1')
  const { order } = await shop.platforms.pay('A1')
  t.equal(order.openid, shop.platforms.alipay.openid('alice'))
  t.match((await shop.call(query, { out_trade_no: 'A1' })).fields, {
    buyer_user_id: order.openid,
    buyer_logon_id: 'ali***@example.com',
  })
  t.match(shop.lastNotice().fields, { buyer_id: order.openid })
  const other = { buyer_id: undefined, buyer_open_id: 'abc' }
  t.match((await shop.order('A2', other)).fields, { sub_code: 'ACQ.INVALID_PARAMETER' })
})

t.test('paid in a mini program: by the trade number, once, by the one it is for', async (t) => {
  const shop = await openShopAlipay(t)
  const { platforms } = shop
  const tradeNo = String((await shop.order('A1')).fields.trade_no)
  const unpaid = (await shop.call(query, { trade_no: tradeNo })).fields
  t.match(unpaid, { trade_status: 'WAIT_BUYER_PAY', total_amount: '19.99', buyer_pay_amount: '0.00' })
  t.notOk('send_pay_date' in unpaid)
  platforms.alipay.openid('bob')
  const asBob = { openid: platforms.alipay.openid('bob') }
  await t.rejects(
    platforms.requestPayment(tradeNo, asBob),
    /requestPayment:fail 4000 ACQ.TRADE_BUYER_NOT_MATCH/,
  )
  await t.rejects(platforms.requestPayment(`${tradeNo.slice(0, -1)}9`), /no such order/)
  const { order } = await platforms.requestPayment(tradeNo, { couponFee: 199 })
  t.match(order, { platform: 'alipay', state: 'TRADE_SUCCESS', transactionId: tradeNo, totalFee: 1999 })
  await t.rejects(platforms.requestPayment(tradeNo), /ACQ.TRADE_HAS_SUCCESS/)
  t.match((await shop.order('A1')).fields, { sub_code: 'ACQ.TRADE_HAS_SUCCESS' })
  t.match((await shop.call(query, { trade_no: tradeNo, out_trade_no: 'other' })).fields, {
    trade_status: 'TRADE_SUCCESS',
    out_trade_no: 'A1',
    trade_no: tradeNo,
    total_amount: '19.99',
    buyer_pay_amount: '18.00',
    receipt_amount: '19.99',
    send_pay_date: '2050-01-01 08:00:00',
    fund_bill_list: [
      { fund_channel: 'ALIPAYACCOUNT', amount: '18.00' },
      { fund_channel: 'COUPON', amount: '1.99' },
    ],
  })
})

t.test("an app's order comes to be when its cashier opens", async (t) => {
  const shop = await openShopAlipay(t)
  const text = shop.orderString('B1')
  const find = async () => (await shop.call(query, { out_trade_no: 'B1' })).fields
  t.match(await find(), { sub_code: 'ACQ.TRADE_NOT_EXIST' })
  t.match((await shop.call('alipay.trade.close', { out_trade_no: 'B1' })).fields, {
    sub_code: 'ACQ.TRADE_NOT_EXIST',
  })
  const { tradeNo } = shop.platforms.alipay.openCashier(text)
  t.match(await find(), { trade_status: 'WAIT_BUYER_PAY', trade_no: tradeNo })
  t.match(await shop.platforms.requestPayment(text), { order: { state: 'TRADE_SUCCESS', prepayId: tradeNo } })
  t.match(await find(), {
    trade_status: 'TRADE_SUCCESS',
    buyer_open_id: shop.platforms.alipay.openid('payer'),
  })
  await t.rejects(shop.platforms.requestPayment(text), /ACQ.TRADE_HAS_SUCCESS/)
})

t.test('an order string has to be exactly what was signed', async (t) => {
  const shop = await openShopAlipay(t)
  const good = shop.orderString('B1')
  const bad: Record<string, [string, RegExp]> = {
    'another amount': [good.replace('19.99', '0.01'), /isv.invalid-signature/],
    'decoded once': [
      good.replaceAll('%20', ' ').replaceAll('%2B', '+').replace('%25', '%'),
      /percent-encoded/,
    ],
    'a parameter more': [`${good}&more=1`, /isv.invalid-signature/],
    'no signature': [good.replace(/&sign=.*/, ''), /isv.missing-signature/],
    'of another application': [
      shop.orderString('B1', {}, { params: { app_id: '2021000000000000' } }),
      /isv.invalid-app-id/,
    ],
    'of another method': [
      shop.orderString('B1', {}, { params: { method: 'alipay.trade.create' } }),
      /isv.invalid-method/,
    ],
    'of another product': [shop.orderString('B1', { product_code: 'JSAPI_PAY' }), /ACQ.ACCESS_FORBIDDEN/],
    'without an amount': [shop.orderString('B1', { total_amount: undefined }), /ACQ.INVALID_PARAMETER/],
    'too hasty': [shop.orderString('B1', { timeout_express: '4m' }), /ACQ.INVALID_PARAMETER/],
    'without version': [
      shop.orderString('B1', {}, { params: { version: undefined } }),
      /isv.missing-version/,
    ],
  }
  for (const [name, [text, reason]] of Object.entries(bad)) {
    await t.rejects(shop.platforms.requestPayment(text), { message: reason }, name)
  }
  await t.rejects(shop.platforms.requestPayment('gibberish'), /no such order/)
  await shop.clock.advance(3600_000)
  t.match(await shop.platforms.requestPayment(good), { order: { state: 'TRADE_SUCCESS' } })
})

t.test('a space of an order string may be a plus sign, as Java writes it', async (t) => {
  const shop = await openShopAlipay(t)
  const text = shop.orderString('B1')
  t.match(text, /%20/)
  t.match(text, /%2B|%2F/, 'what is signed has signs that forms escape')
  t.match(await shop.platforms.requestPayment(text.replaceAll('%20', '+')), {
    order: { outTradeNo: 'B1', state: 'TRADE_SUCCESS' },
  })
})

t.test('only what waits for its payer is closed', async (t) => {
  const shop = await openShopAlipay(t)
  const close = async (outTradeNo: string) =>
    (await shop.call('alipay.trade.close', { out_trade_no: outTradeNo })).fields
  await shop.order('A1')
  t.match(await close('A1'), { code: '10000', out_trade_no: 'A1', trade_no: /^\d{28}$/ })
  t.match(await close('A1'), { sub_code: 'ACQ.TRADE_STATUS_ERROR' })
  t.match((await shop.order('A1')).fields, { sub_code: 'ACQ.TRADE_HAS_CLOSE' })
  await t.rejects(shop.platforms.pay('A1'), /ACQ.TRADE_HAS_CLOSE/)
  await shop.order('A2')
  await shop.platforms.pay('A2')
  t.match(await close('A2'), { sub_code: 'ACQ.TRADE_STATUS_ERROR' })
  t.match(await close('A3'), { sub_code: 'ACQ.TRADE_NOT_EXIST' })
})

t.test('an order closes by itself when its time is up, and the merchant is told', async (t) => {
  const shop = await openShopAlipay(t)
  const { clock, platforms } = shop
  await shop.order('A1', { timeout_express: '5m' })
  await shop.order('A2', { time_expire: beijingDateTime(clock.now() + 30 * DAY) })
  const statusOf = async (outTradeNo: string) =>
    (await shop.call(query, { out_trade_no: outTradeNo })).fields.trade_status
  await clock.advance(5 * 60_000)
  await platforms.tick()
  t.equal(await statusOf('A1'), 'TRADE_CLOSED')
  t.match(shop.lastNotice(), { isSigned: true, fields: { out_trade_no: 'A1', trade_status: 'TRADE_CLOSED' } })
  t.notOk('gmt_payment' in shop.lastNotice().fields)
  await clock.advance(29 * DAY)
  t.equal(await statusOf('A2'), 'WAIT_BUYER_PAY')
  await clock.advance(DAY)
  await platforms.tick()
  t.equal(await statusOf('A2'), 'TRADE_CLOSED')
  t.equal(shop.merchant.received.length, 2)
})

t.test('cancelling: closes, gives back, or finds nothing, and says which', async (t) => {
  const shop = await openShopAlipay(t)
  const cancel = async (outTradeNo: string) =>
    (await shop.call('alipay.trade.cancel', { out_trade_no: outTradeNo })).fields
  const unknown = await cancel('A0')
  t.match(unknown, { code: '10000', retry_flag: 'N' })
  t.notOk('action' in unknown)
  await shop.order('A1')
  shop.platforms.faults.next('alipay.trade.cancel', 'unfinished')
  t.match(await cancel('A1'), { retry_flag: 'Y' })
  t.match((await shop.call(query, { out_trade_no: 'A1' })).fields, { trade_status: 'WAIT_BUYER_PAY' })
  t.match(await cancel('A1'), { retry_flag: 'N', action: 'close' })
  t.match((await shop.call(query, { out_trade_no: 'A1' })).fields, { trade_status: 'TRADE_CLOSED' })
  await shop.order('A2')
  await shop.platforms.pay('A2')
  t.match(await cancel('A2'), { retry_flag: 'N', action: 'refund' })
  t.match((await shop.call(query, { out_trade_no: 'A2' })).fields, { trade_status: 'TRADE_CLOSED' })
  t.match(await cancel('A2'), { action: 'refund' }, 'once more does no harm')
  await shop.order('A3')
  await shop.platforms.pay('A3')
  await shop.clock.advance(DAY + 1)
  t.match(await cancel('A3'), { sub_code: 'ACQ.TRADE_CANCEL_TIME_OUT' })
})

t.test('without refunds in the contract, and after a year, an order is finished', async (t) => {
  const strict = await openShopAlipay(t, { alipay: { refunds: false } })
  await strict.order('A1')
  t.match(await strict.platforms.pay('A1'), { order: { state: 'TRADE_FINISHED' } })
  t.match(strict.lastNotice().fields, { trade_status: 'TRADE_FINISHED' })
  t.match((await strict.refund('A1', 'R1', '0.01')).fields, { sub_code: 'ACQ.TRADE_HAS_FINISHED' })
  const usual = await openShopAlipay(t)
  await usual.order('A1')
  await usual.platforms.pay('A1')
  await usual.clock.advance(366 * DAY)
  t.match((await usual.call(query, { out_trade_no: 'A1' })).fields, { trade_status: 'TRADE_FINISHED' })
})
