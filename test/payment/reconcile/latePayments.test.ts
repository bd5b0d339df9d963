import t, { type Test } from 'tap'
import { lateRefundNo } from '../../../shared/payment/reconcile/latePayment.js'
import type { OrderInfo } from '../../../tools/emulator/platforms/index.js'
import { openShop, type Provider, patiently, providers, type Shop, TOTAL } from '../shop.js'

/** Money that comes for an order which was closed here: always told, and given back once where the merchant wants that. */

const MINUTE = 60_000

async function minutes(shop: Shop, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    await shop.house.clock.advance(MINUTE)
    await patiently(shop, shop.house.timer('eventDispatch'))
  }
}

/** Closed here while its payer was faster; the notice arrives, or is lost. */
async function paidLate(t: Test, provider: Provider, policy?: string, lost = false): Promise<Shop> {
  const shop = await openShop(t, provider, { env: { PAID_AFTER_CLOSE: policy } })
  await shop.place()
  const orderInfo = (await shop.offer()) as OrderInfo
  const order = await shop.order()
  const at = shop.house.clock.now()
  await shop.house.store.orders.replace({
    ...order,
    state: 'CLOSED',
    nextQueryAt: at + 10 * MINUTE,
    queries: 0,
  })
  if (lost) shop.platforms.faults.next(shop.api.notice, 'dropped', 99)
  await shop.platforms.requestPayment(orderInfo)
  return shop
}

for (const provider of providers) {
  t.test(provider, async (t) => {
    await t.test('by default it is told, and nothing else happens', async (t) => {
      const shop = await paidLate(t, provider)
      await minutes(shop, 3)
      const order = await shop.order()
      t.match(order, { state: 'PAID', refunds: [] })
      t.notOk('nextQueryAt' in order)
      t.strictSame(shop.told(), ['payment.paidAfterClose'])
      t.equal(shop.asked(shop.api.refund), 0)
    })

    await t.test('with PAID_AFTER_CLOSE=refund it is given back, once', async (t) => {
      const shop = await paidLate(t, provider, 'refund')
      await shop.house.clock.advance(MINUTE)
      await Promise.all(Array.from({ length: 6 }, () => shop.house.timer('eventDispatch')))
      const number = lateRefundNo(await shop.order())
      if (provider !== 'alipay') await shop.platforms.finishRefund(number)
      await minutes(shop, 3)
      t.match(await shop.order(), {
        state: 'REFUNDED',
        refunds: [{ outRefundNo: number, refundFee: TOTAL, state: 'SUCCEEDED' }],
      })
      t.equal((await shop.order()).refunds.length, 1)
      t.equal(shop.asked(shop.api.refund), 1)
      t.strictSame(shop.told().sort(), ['payment.paidAfterClose', 'refund.succeeded'])
    })

    await t.test('its notice lost too, the question after the closing finds it', async (t) => {
      const shop = await paidLate(t, provider, 'refund', true)
      await minutes(shop, 12)
      t.match(await shop.order(), { refunds: [{ refundFee: TOTAL, state: /PROCESSING|SUCCEEDED/ }] })
      t.match(shop.told()[0], 'payment.paidAfterClose')
    })

    await t.test('refused for lack of money, it is tried again', async (t) => {
      const shop = await paidLate(t, provider, 'refund')
      shop.platforms.faults.next(shop.api.refund, 'no-funds', 2)
      await minutes(shop, 8)
      t.match(await shop.order(), { refunds: [{ refundFee: TOTAL, state: /PROCESSING|SUCCEEDED/ }] })
    })

    await t.test('where people refund it themselves, that is all', async (t) => {
      const shop = await paidLate(t, provider, 'refund')
      t.match(await shop.refund('mine', 500), { errCode: 0 })
      await minutes(shop, 5)
      t.match(await shop.order(), { refunds: [{ outRefundNo: 'mine' }] })
      t.equal((await shop.order()).refunds.length, 1)
    })
  })
}

t.test('a policy that is none: nothing is given back, and the log names the setting', async (t) => {
  const shop = await paidLate(t, 'weixin-v3', 'maybe')
  await minutes(shop, 1)
  t.match(await shop.order(), { state: 'PAID', refunds: [] })
  t.match(JSON.stringify(shop.house.log), /PAID_AFTER_CLOSE/)
})
