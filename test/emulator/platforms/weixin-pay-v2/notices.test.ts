import t from 'tap'
import type { Delivery } from '../../../../tools/emulator/platforms/index.js'
import { isSigned } from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { readXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { openShop, type Shop } from './merchant.js'

const NOTICE = 'weixin-pay-v2.notice'

/** Lets the next attempt fall due and happen. */
async function nextAttempt({ clock, platforms }: Shop, delivery: Delivery): Promise<number> {
  const wait = delivery.dueAt - clock.now()
  await clock.advance(wait)
  await platforms.tick()
  return wait / 1000
}

async function paidOrder(shop: Shop, outTradeNo: string): Promise<Delivery> {
  await shop.order(outTradeNo, { attach: 'x' })
  return (await shop.platforms.pay(outTradeNo)).delivery
}

t.test('a notice is signed, tells all, and is sent once when it is understood', async (t) => {
  const shop = await openShop(t)
  const delivery = await paidOrder(shop, 'notice-00001')
  t.match(delivery, { state: 'delivered', attempts: [{ understood: true, status: 200 }] })
  const [notice] = shop.merchant.received
  t.equal(notice?.headers['content-type'], 'text/xml')
  const message = readXml(notice?.body ?? '')
  t.ok(isSigned(message, 'MD5', shop.platforms.merchant.key))
  t.match(message, {
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    out_trade_no: 'notice-00001',
    total_fee: '1999',
    attach: 'x',
    openid: shop.platforms.openid('alice'),
  })
  await shop.clock.advance(24 * 3600_000)
  await shop.platforms.tick()
  t.equal(shop.merchant.received.length, 1)
})

t.test('a notice that nobody understands comes on the real schedule, then no more', async (t) => {
  const shop = await openShop(t)
  shop.merchant.answer = { status: 500, body: 'no' }
  const delivery = await paidOrder(shop, 'notice-00002')
  const waits: number[] = []
  while (delivery.state === 'waiting') waits.push(await nextAttempt(shop, delivery))
  const minutes = [3, 10, 20, 30, 30, 30, 60, 180, 180, 180, 360, 360].map((count) => count * 60)
  t.strictSame(waits, [15, 15, 30, ...minutes])
  t.equal(delivery.state, 'given up')
  t.equal(shop.merchant.received.length, 16)
})

t.test('only XML that says SUCCESS, with status 200, is understood', async (t) => {
  const shop = await openShop(t)
  const yes = '<xml><return_code>SUCCESS</return_code></xml>'
  for (const [at, answer] of [
    { status: 200, body: 'SUCCESS' },
    { status: 200, body: 'success' },
    { status: 200, body: '{"return_code":"SUCCESS"}' },
    { status: 200, body: '<xml><return_code><![CDATA[FAIL]]></return_code></xml>' },
    { status: 500, body: yes },
    { status: 302, body: yes },
    { status: 200, body: '' },
  ].entries()) {
    shop.merchant.answer = answer
    const delivery = await paidOrder(shop, `notice-1000${at}`)
    t.match(delivery, { state: 'waiting', attempts: [{ understood: false, status: answer.status }] })
  }
  shop.merchant.answer = { status: 200, body: yes }
  await shop.clock.advance(15_000)
  await shop.platforms.tick()
  t.ok(shop.platforms.deliveries.every(({ state }) => state === 'delivered'))
})

t.test('a merchant that hangs or is not there is a failure like any other', async (t) => {
  const shop = await openShop(t, { noticeTimeoutMs: 100 })
  shop.merchant.answer = 'hang'
  t.match(await paidOrder(shop, 'notice-00003'), { attempts: [{ error: 'no answer in time' }] })
  await shop.order('notice-00004', { notify_url: 'http://127.0.0.1:1/notice' })
  t.match((await shop.platforms.pay('notice-00004')).delivery, {
    attempts: [{ error: /ECONNREFUSED|bad port/ }],
  })
  await shop.order('notice-00005', { notify_url: 'https://example.com/notice' })
  t.match((await shop.platforms.pay('notice-00005')).delivery, { attempts: [{ error: /not this machine/ }] })
})

t.test('a notice can be spoilt, and comes right at the next attempt', async (t) => {
  const shop = await openShop(t, { noticeTimeoutMs: 200 })
  const { key, mchId } = shop.platforms.merchant
  const last = () => readXml(shop.merchant.received.at(-1)?.body ?? '')
  shop.merchant.answer = { status: 200, body: 'no' }
  shop.platforms.faults.next(NOTICE, 'forged')
  shop.platforms.faults.next(NOTICE, 'unsigned')
  shop.platforms.faults.next(NOTICE, 'wrong-amount')
  shop.platforms.faults.next(NOTICE, 'wrong-merchant')
  const delivery = await paidOrder(shop, 'notice-00006')
  t.match(last(), { sign: /^[0-9A-F]{32}$/, total_fee: '1999' })
  t.notOk(isSigned(last(), 'MD5', key))
  await nextAttempt(shop, delivery)
  t.notOk('sign' in last())
  await nextAttempt(shop, delivery)
  t.match(last(), { total_fee: '2000' })
  t.ok(isSigned(last(), 'MD5', key))
  await nextAttempt(shop, delivery)
  t.not(last().mch_id, mchId)
  t.ok(isSigned(last(), 'MD5', key))
  await nextAttempt(shop, delivery)
  t.match(last(), { total_fee: '1999', mch_id: mchId })
  t.ok(isSigned(last(), 'MD5', key))
})

t.test('a notice can be cut, lost, dropped, stopped half way', async (t) => {
  const shop = await openShop(t, { noticeTimeoutMs: 100 })
  for (const fault of ['truncated', 'lost', 'dropped', 'timeout'] as const)
    shop.platforms.faults.next(NOTICE, fault)
  const delivery = await paidOrder(shop, 'notice-00007')
  t.throws(() => readXml(shop.merchant.received.at(-1)?.body ?? ''))
  t.equal(delivery.state, 'delivered', 'this merchant thanks for anything')
  for (const [fault, arrivals] of [
    ['lost', 2],
    ['dropped', 2],
    ['timeout', 2],
  ] as const) {
    const next = await paidOrder(shop, `notice-${fault}`)
    t.match(next, { state: 'waiting', attempts: [{ fault, understood: false }] })
    t.equal(shop.merchant.received.length, arrivals, fault)
  }
})

t.test('a notice can come twice at once, late, or after another', async (t) => {
  const shop = await openShop(t)
  const numbers = () => shop.merchant.received.map(({ body }) => readXml(body).out_trade_no)
  shop.platforms.faults.next(NOTICE, 'duplicate')
  t.equal((await paidOrder(shop, 'notice-twice')).attempts.length, 2)
  t.strictSame(numbers(), ['notice-twice', 'notice-twice'])

  shop.platforms.faults.next(NOTICE, 'reorder')
  const held = await paidOrder(shop, 'notice-held')
  t.equal(held.state, 'held')
  await paidOrder(shop, 'notice-other')
  t.strictSame(numbers().slice(2), ['notice-other', 'notice-held'])
  t.equal(held.state, 'delivered')

  shop.platforms.faults.next(NOTICE, 'late')
  const late = await paidOrder(shop, 'notice-late')
  t.equal(numbers().length, 4)
  t.equal(await nextAttempt(shop, late), 3600)
  t.equal(late.state, 'delivered')
})

t.test('a notice is sent again as often as one likes', async (t) => {
  const shop = await openShop(t)
  await paidOrder(shop, 'notice-00008')
  const [delivery] = await shop.platforms.redeliver('notice-00008', 50)
  t.equal(delivery?.attempts.length, 51)
  const [first, ...others] = shop.merchant.received.map(({ body }) => readXml(body))
  t.ok(others.every((other) => other.transaction_id === first?.transaction_id))
})

t.test('the background sends what falls due without anybody ticking', async (t) => {
  const shop = await openShop(t)
  shop.merchant.answer = { status: 500, body: '' }
  const delivery = await paidOrder(shop, 'notice-00009')
  shop.merchant.answer = { status: 200, body: '<xml><return_code>SUCCESS</return_code></xml>' }
  await shop.clock.advance(15_000)
  while (delivery.attempts.length < 2) await new Promise((resolve) => setImmediate(resolve))
  t.equal(delivery.state, 'delivered')
})
