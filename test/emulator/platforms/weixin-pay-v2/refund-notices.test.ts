import { createDecipheriv, createHash } from 'node:crypto'
import t from 'tap'
import type { Message } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { readXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { openShop, type Shop } from './merchant.js'

const NOTICE = 'weixin-pay-v2.refundNotice'

/** The last notice the merchant got, and what is inside it. */
function lastNotice({ merchant, platforms }: Shop): { outer: Message; inner: Message } {
  const outer = readXml(merchant.received.at(-1)?.body ?? '')
  const key = createHash('md5').update(platforms.merchant.key).digest('hex')
  const cipher = createDecipheriv('aes-256-ecb', key, null)
  const text = cipher.update(outer.req_info ?? '', 'base64', 'utf8') + cipher.final('utf8')
  return { outer, inner: readXml(text.replace(/^<root>/, '<xml>').replace(/<\/root>$/, '</xml>')) }
}

async function refunded(shop: Shop, number: string): Promise<void> {
  await shop.order(number)
  await shop.platforms.pay(number)
  await shop.refund(number, `${number}-R`, 500)
}

t.test('the merchant is told of the end of a refund, unsigned and encrypted', async (t) => {
  const shop = await openShop(t)
  await refunded(shop, 'refunded-01')
  t.equal(shop.merchant.received.length, 1, 'of the payment alone')
  const { delivery } = await shop.platforms.finishRefund('refunded-01-R')
  t.match(delivery, { api: NOTICE, state: 'delivered', orderNo: 'refunded-01', refundNo: 'refunded-01-R' })
  const { outer, inner } = lastNotice(shop)
  t.strictSame(Object.keys(outer), ['return_code', 'appid', 'mch_id', 'nonce_str', 'req_info'])
  t.match(outer, { appid: shop.platforms.app.appId, mch_id: shop.platforms.merchant.mchId })
  t.match(inner, {
    out_trade_no: 'refunded-01',
    out_refund_no: 'refunded-01-R',
    refund_status: 'SUCCESS',
    refund_fee: '500',
    settlement_refund_fee: '500',
    total_fee: '1999',
    success_time: '2050-01-01 08:00:00',
    refund_recv_accout: /./,
    refund_request_source: 'API',
  })
})

t.test('by itself after two seconds, and whatever the end is', async (t) => {
  const shop = await openShop(t)
  await refunded(shop, 'refunded-02')
  await shop.clock.advance(2000)
  await shop.platforms.tick()
  t.match(lastNotice(shop).inner, { refund_status: 'SUCCESS', success_time: '2050-01-01 08:00:02' })
  await refunded(shop, 'refunded-03')
  await shop.platforms.finishRefund('refunded-03-R', 'ABNORMAL')
  t.match(lastNotice(shop).inner, { refund_status: 'CHANGE' })
  await shop.platforms.finishRefund('refunded-03-R', 'CLOSED')
  t.match(lastNotice(shop).inner, { refund_status: 'REFUNDCLOSE' })
  t.notOk('success_time' in lastNotice(shop).inner)
})

t.test('who names no address is not told', async (t) => {
  const shop = await openShop(t)
  await shop.order('refunded-04')
  await shop.platforms.pay('refunded-04')
  await shop.refund('refunded-04', 'R1', 1, { notify_url: undefined })
  t.notOk((await shop.platforms.finishRefund('R1')).delivery)
  t.equal(shop.merchant.received.length, 1)
})

t.test('a notice that is not understood comes again on the real schedule', async (t) => {
  const shop = await openShop(t)
  await refunded(shop, 'refunded-05')
  shop.merchant.answer = { status: 200, body: 'ok' }
  const { delivery } = await shop.platforms.finishRefund('refunded-05-R')
  if (!delivery) throw new Error('no delivery')
  const waits: number[] = []
  while (delivery.state === 'waiting') {
    const wait = delivery.dueAt - shop.clock.now()
    waits.push(wait / 1000)
    await shop.clock.advance(wait)
    await shop.platforms.tick()
  }
  t.equal(waits.length, 15)
  t.equal(
    waits.reduce((sum, wait) => sum + wait, 0),
    24 * 3600 + 4 * 60,
  )
})

t.test('it can be spoilt in every way that a message without a signature can', async (t) => {
  const shop = await openShop(t)
  await refunded(shop, 'refunded-06')
  shop.merchant.answer = { status: 500, body: '' }
  for (const fault of ['wrong-key', 'wrong-amount', 'wrong-merchant'] as const)
    shop.platforms.faults.next(NOTICE, fault)
  const { delivery } = await shop.platforms.finishRefund('refunded-06-R')
  t.throws(() => lastNotice(shop), /bad decrypt/)
  const next = async () => {
    await shop.clock.advance((delivery?.dueAt ?? 0) - shop.clock.now())
    await shop.platforms.tick()
    return lastNotice(shop)
  }
  t.match(await next(), { inner: { refund_fee: '501', total_fee: '1999' } })
  t.match(await next(), { outer: { mch_id: '1900000999' }, inner: { refund_fee: '500' } })
  t.throws(() => shop.platforms.faults.next(NOTICE, 'forged'), /possible: wrong-key/)
})

t.test('notices of one refund are sent again by its number', async (t) => {
  const shop = await openShop(t)
  await refunded(shop, 'refunded-07')
  await shop.platforms.finishRefund('refunded-07-R')
  t.equal((await shop.platforms.redeliver('refunded-07-R', 2)).length, 1)
  t.equal(shop.merchant.received.length, 4)
  t.equal((await shop.platforms.redeliver('refunded-07')).length, 2)
})
