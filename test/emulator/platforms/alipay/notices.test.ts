import t from 'tap'
import type { Delivery } from '../../../../tools/emulator/platforms/index.js'
import { openShopAlipay, type ShopAlipay } from './merchant.js'

const NOTICE = 'alipay.notice'

async function paid(shop: ShopAlipay, outTradeNo: string, changes = {}): Promise<Delivery> {
  await shop.order(outTradeNo, changes)
  return (await shop.platforms.pay(outTradeNo)).delivery
}

async function nextAttempt({ clock, platforms }: ShopAlipay, delivery: Delivery): Promise<number> {
  const wait = delivery.dueAt - clock.now()
  await clock.advance(wait)
  await platforms.tick()
  return wait / 60_000
}

t.test('a payment is told in a signed form', async (t) => {
  const shop = await openShopAlipay(t)
  const { account } = shop.platforms.alipay
  t.match(await paid(shop, 'A1', { passback_params: 'a%3D1' }), { api: NOTICE, state: 'delivered' })
  const { fields, isSigned, contentType } = shop.lastNotice()
  t.ok(isSigned)
  t.equal(contentType, 'application/x-www-form-urlencoded; charset=UTF-8')
  t.match(fields, {
    notify_type: 'trade_status_sync',
    notify_time: '2050-01-01 08:00:00',
    notify_id: /^20500101\w+$/,
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
    app_id: account.appId,
    auth_app_id: account.appId,
    seller_id: account.sellerId,
    out_trade_no: 'A1',
    trade_no: /^\d{28}$/,
    trade_status: 'TRADE_SUCCESS',
    total_amount: '19.99',
    buyer_pay_amount: '19.99',
    buyer_open_id: shop.platforms.alipay.openid('alice'),
    subject: '茶 50% & more',
    passback_params: 'a%3D1',
    gmt_create: '2050-01-01 08:00:00',
    gmt_payment: '2050-01-01 08:00:00',
    fund_bill_list: '[{"amount":"19.99","fundChannel":"ALIPAYACCOUNT"}]',
  })
  for (const absent of ['refund_fee', 'gmt_refund', 'out_biz_no']) t.notOk(absent in fields, absent)
})

t.test('in GBK where that was agreed on', async (t) => {
  const shop = await openShopAlipay(t, { alipay: { noticeCharset: 'gbk' } })
  await paid(shop, 'A1', { subject: '茶 中' })
  const { fields, isSigned, contentType } = shop.lastNotice()
  t.ok(isSigned)
  t.match(contentType, /charset=GBK$/)
  t.match(fields, { subject: '茶 中', charset: 'gbk' })
  t.match(shop.merchant.received.at(-1)?.body, 'subject=%B2%E8+%D6%D0')
})

t.test('it is understood when the answer is exactly success', async (t) => {
  const shop = await openShopAlipay(t)
  const answers: [number, string, boolean][] = [
    [200, 'success', true],
    [200, '"success"', false],
    [200, 'success\n', false],
    [200, 'SUCCESS', false],
    [200, 'fail', false],
    [200, '', false],
    [500, 'success', false],
    [302, 'success', false],
  ]
  for (const [at, [status, body, understood]] of answers.entries()) {
    shop.merchant.answer = { status, body }
    const { state } = await paid(shop, `A${at}`)
    t.equal(state, understood ? 'delivered' : 'waiting', `${status} ${body}`)
  }
})

t.test('it comes again on the real schedule, the same notice each time', async (t) => {
  const shop = await openShopAlipay(t)
  shop.merchant.answer = { status: 200, body: 'fail' }
  const delivery = await paid(shop, 'A1')
  const seen = [shop.lastNotice()]
  const waits: number[] = []
  while (delivery.state === 'waiting') {
    waits.push(await nextAttempt(shop, delivery))
    seen.push(shop.lastNotice())
  }
  t.strictSame(waits, [4, 10, 10, 60, 120, 360, 900])
  t.equal(delivery.state, 'given up')
  const distinct = (name: string) => new Set(seen.map(({ fields }) => fields[name])).size
  t.equal(distinct('notify_id'), 1)
  t.equal(distinct('notify_time'), seen.length)
  t.ok(seen.every(({ isSigned }) => isSigned))
})

t.test('refunds have no notice of their own: the payment is told again', async (t) => {
  const shop = await openShopAlipay(t)
  const { platforms, clock } = shop
  await paid(shop, 'A1')
  await shop.refund('A1', 'R1', '9.99')
  t.equal(shop.merchant.received.length, 1, 'not at once')
  await clock.advance(2000)
  await platforms.tick()
  t.match(shop.lastNotice(), {
    isSigned: true,
    fields: {
      trade_status: 'TRADE_SUCCESS',
      refund_fee: '9.99',
      out_biz_no: 'R1',
      gmt_refund: /^2050-01-01 08:00:00\.\d{3}$/,
      gmt_payment: '2050-01-01 08:00:00',
    },
  })
  await shop.refund('A1', 'R2', '10.00')
  t.match(await platforms.finishRefund('R2'), {
    refund: { state: 'SUCCESS', refundFee: 1000 },
    delivery: { api: 'alipay.refundNotice', refundNo: 'R2', state: 'delivered' },
  })
  t.match(shop.lastNotice().fields, {
    trade_status: 'TRADE_CLOSED',
    refund_fee: '19.99',
    out_biz_no: 'R2',
    gmt_close: /^2050/,
  })
  await clock.advance(10_000)
  await platforms.tick()
  t.equal(shop.merchant.received.length, 3, 'and nothing twice')
  t.equal(new Set(platforms.deliveries.map(({ id }) => id)).size, 3)
})

t.test('a notice can be spoilt in every way, and comes right at the next attempt', async (t) => {
  const shop = await openShopAlipay(t)
  shop.merchant.answer = { status: 200, body: 'fail' }
  const faults = ['forged', 'unsigned', 'downgraded', 'wrong-amount', 'wrong-merchant', 'other-app'] as const
  for (const fault of faults) shop.platforms.faults.next(NOTICE, fault)
  const delivery = await paid(shop, 'A1')
  const seen: Record<string, ReturnType<ShopAlipay['lastNotice']>> = {}
  for (const fault of [...faults, 'right']) {
    seen[fault] = shop.lastNotice()
    await nextAttempt(shop, delivery)
  }
  t.match(seen.forged, { isSigned: false, fields: { total_amount: '19.99', sign: /^.{344}$/ } })
  t.notOk('sign' in (seen.unsigned?.fields ?? {}))
  t.match(seen.downgraded, { isSigned: false, fields: { sign_type: 'RSA' } })
  t.match(seen['wrong-amount'], { isSigned: true, fields: { total_amount: '20.00' } })
  t.match(seen['wrong-merchant'], { isSigned: true, fields: { seller_id: '2088999999999999' } })
  t.match(seen['other-app'], { isSigned: true, fields: { app_id: '2021009999999999' } })
  t.match(seen.right, { isSigned: true, fields: { total_amount: '19.99', sign_type: 'RSA2' } })
})

t.test('it can be lost, doubled, late and out of order, like all the others', async (t) => {
  const shop = await openShopAlipay(t, { noticeTimeoutMs: 200 })
  for (const fault of ['lost', 'dropped'] as const) {
    shop.platforms.faults.next(NOTICE, fault)
    t.match(await paid(shop, `A_${fault}`), { state: 'waiting', attempts: [{ fault }] })
  }
  shop.platforms.faults.next(NOTICE, 'duplicate')
  t.equal((await paid(shop, 'A1')).attempts.length, 2)
  shop.platforms.faults.next(NOTICE, 'late')
  t.match(await paid(shop, 'A2'), { state: 'waiting', attempts: { length: 0 } })
  shop.platforms.faults.next(NOTICE, 'reorder')
  const held = await paid(shop, 'A3')
  t.equal(held.state, 'held')
  await paid(shop, 'A4')
  t.equal(held.state, 'delivered')
})

t.test('who names no address is told nothing', async (t) => {
  const shop = await openShopAlipay(t)
  const { appId } = shop.platforms.alipay.account
  await shop.call('alipay.trade.create', {
    ...{
      out_trade_no: 'A1',
      total_amount: '1.00',
      subject: 'tea',
      product_code: 'JSAPI_PAY',
      op_app_id: appId,
    },
    buyer_open_id: shop.platforms.alipay.openid('alice'),
  })
  t.match(await shop.platforms.pay('A1'), { delivery: { state: 'given up' } })
  t.equal(shop.merchant.received.length, 0)
})

t.test('closing tells, at the address that the closing names', async (t) => {
  const shop = await openShopAlipay(t)
  await shop.order('A1')
  const params = { notify_url: `${shop.merchant.notifyUrl}/closed` }
  await shop.call('alipay.trade.close', { out_trade_no: 'A1' }, { params })
  await shop.platforms.tick()
  t.match(shop.lastNotice().fields, { trade_status: 'TRADE_CLOSED', out_trade_no: 'A1' })
  t.match(shop.platforms.deliveries.at(-1), { url: /\/closed$/, state: 'delivered' })
})
