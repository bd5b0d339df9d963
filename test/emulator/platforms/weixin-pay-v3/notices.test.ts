import t from 'tap'
import type { Delivery } from '../../../../tools/emulator/platforms/index.js'
import { openShopV3, type ShopV3 } from './merchant.js'

const NOTICE = 'weixin-pay-v3.notice'

async function paidOrder(shop: ShopV3, outTradeNo: string): Promise<Delivery> {
  await shop.order(outTradeNo)
  return (await shop.platforms.pay(outTradeNo)).delivery
}

async function nextAttempt({ clock, platforms }: ShopV3, delivery: Delivery): Promise<number> {
  const wait = delivery.dueAt - clock.now()
  await clock.advance(wait)
  await platforms.tick()
  return wait / 1000
}

t.test('a notice is signed, encrypted, and tells all', async (t) => {
  const shop = await openShopV3(t)
  t.match(await paidOrder(shop, 'notice-0001'), { api: NOTICE, state: 'delivered' })
  const { notified, envelope, resource, signedBy } = shop.lastNotice()
  t.match(signedBy, /^PUB_KEY_ID_/)
  t.match(notified.headers, { 'content-type': 'application/json', 'request-id': /./ })
  t.match(envelope, {
    id: /^EV-/,
    create_time: '2050-01-01T08:00:00+08:00',
    event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource',
    summary: /./,
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      associated_data: 'transaction',
      nonce: /^.{12}$/,
    },
  })
  t.match(resource, {
    appid: shop.platforms.app.appId,
    mchid: shop.platforms.merchant.mchId,
    out_trade_no: 'notice-0001',
    trade_state: 'SUCCESS',
    transaction_id: /^\d{28}$/,
    amount: { total: 1999, payer_total: 1999 },
    payer: { openid: shop.platforms.openid('alice') },
  })
})

t.test('the status alone says whether it is understood', async (t) => {
  const shop = await openShopV3(t)
  for (const [at, status, body, understood] of [
    [0, 200, '', true],
    [1, 204, '', true],
    [2, 200, '{"code":"FAIL","message":"no"}', true],
    [3, 500, '{"code":"SUCCESS"}', false],
    [4, 400, '{"code":"FAIL"}', false],
    [5, 201, '', false],
    [6, 302, '', false],
  ] as const) {
    shop.merchant.answer = { status, body }
    t.match(await paidOrder(shop, `notice-100${at}`), {
      state: understood ? 'delivered' : 'waiting',
      attempts: [{ understood, status }],
    })
  }
})

t.test('it comes again on the real schedule, signed anew each time, the event the same', async (t) => {
  const shop = await openShopV3(t)
  shop.merchant.answer = { status: 500, body: '' }
  const delivery = await paidOrder(shop, 'notice-0002')
  const seen = [shop.lastNotice()]
  const waits: number[] = []
  while (delivery.state === 'waiting') {
    waits.push(await nextAttempt(shop, delivery))
    seen.push(shop.lastNotice())
  }
  const minutes = [3, 10, 20, 30, 30, 30, 60, 180, 180, 180, 360, 360].map((count) => count * 60)
  t.strictSame(waits, [15, 15, 30, ...minutes])
  t.equal(delivery.state, 'given up')
  const distinct = (values: unknown[]) => new Set(values).size
  t.equal(distinct(seen.map(({ envelope }) => envelope.id)), 1)
  t.equal(distinct(seen.map(({ envelope }) => envelope.create_time)), 1)
  t.equal(distinct(seen.map(({ notified }) => notified.headers['wechatpay-timestamp'])), seen.length)
  t.equal(distinct(seen.map(({ resource }) => resource.transaction_id)), 1)
  t.ok(seen.every(({ signedBy }) => signedBy !== undefined))
})

t.test('a notice can be spoilt in every way, and comes right at the next attempt', async (t) => {
  const shop = await openShopV3(t)
  shop.merchant.answer = { status: 500, body: '' }
  const faults = ['forged', 'unsigned', 'probe', 'stale', 'unknown-serial'] as const
  for (const fault of [...faults, 'wrong-amount', 'wrong-merchant', 'wrong-key'] as const) {
    shop.platforms.faults.next(NOTICE, fault)
  }
  const delivery = await paidOrder(shop, 'notice-0003')
  for (const fault of faults) {
    const { signedBy, notified, resource } = shop.lastNotice()
    t.equal(signedBy, undefined, fault)
    t.match(resource, { amount: { total: 1999 } }, fault)
    const signature = String(notified.headers['wechatpay-signature'])
    t.equal(signature.startsWith('WECHATPAY/SIGNTEST/'), fault === 'probe', fault)
    await nextAttempt(shop, delivery)
  }
  t.match(shop.lastNotice(), { signedBy: /./, resource: { amount: { total: 2000 } } })
  await nextAttempt(shop, delivery)
  t.match(shop.lastNotice(), { signedBy: /./, resource: { mchid: '1900000999' } })
  await nextAttempt(shop, delivery)
  t.throws(() => shop.lastNotice(), /authenticate/)
  await nextAttempt(shop, delivery)
  t.match(shop.lastNotice(), { signedBy: /./, resource: { amount: { total: 1999 } } })
})

t.test('it can be lost, doubled, late and out of order, like every other', async (t) => {
  const shop = await openShopV3(t, { noticeTimeoutMs: 200 })
  for (const fault of ['lost', 'dropped'] as const) {
    shop.platforms.faults.next(NOTICE, fault)
    t.match(await paidOrder(shop, `notice-${fault}`), { state: 'waiting', attempts: [{ fault }] })
  }
  shop.platforms.faults.next(NOTICE, 'duplicate')
  t.equal((await paidOrder(shop, 'notice-0004')).attempts.length, 2)
  shop.platforms.faults.next(NOTICE, 'reorder')
  const held = await paidOrder(shop, 'notice-0005')
  t.equal(held.state, 'held')
  await paidOrder(shop, 'notice-0006')
  t.equal(held.state, 'delivered')
})
