import t, { type Test } from 'tap'
import type { OrderRecord } from '../../shared/store/port.js'
import { forEachStore } from '../support/stores.js'
import { NEXT_REFUND_MS, openShop, type Provider, patiently, providers, type Shop } from './shop.js'

/**
 * Orders that are older than the records of their notices, as after a restored backup or a lost write: whatever happens
 * next mends them, is told to the merchant under the same id, and is marked as a repair.
 */

const MINUTE = 60_000

/** Puts the order back to what it was, as a backup does. */
async function restore({ house }: Shop, before: OrderRecord): Promise<void> {
  const { rev } = await house.order(before.outTradeNo)
  if (!(await house.store.orders.replace({ ...before, rev }))) throw new Error('the order was not put back')
}

interface Restored {
  shop: Shop
  /** The event of the payment, as it was told first. */
  id: unknown
}

/** Offered and paid, then put back to when it was offered. */
async function paidAndRestored(
  t: Test,
  provider: Provider,
  store: Shop['house']['store'],
): Promise<Restored> {
  const shop = await openShop(t, provider, { store })
  await shop.place()
  const orderInfo = (await shop.offer()) as Record<string, unknown>
  const offered = await shop.order()
  await shop.house.clock.advance(6 * MINUTE)
  await shop.platforms.requestPayment(orderInfo as never)
  t.equal((await shop.order()).state, 'PAID')
  await restore(shop, offered)
  t.equal((await shop.order()).state, 'PAYING')
  return { shop, id: shop.house.called[0]?.data.id }
}

async function isMended(t: Test, { shop, id }: Restored, by: string): Promise<void> {
  const order = await shop.order()
  const { merchantId, transactionId = '' } = order
  const evidence = `${shop.provider}:${merchantId}:payment:${transactionId}`
  t.match(order, { state: 'PAID', history: [{}, {}, { to: 'PAID', by, repair: true, evidence }] })
  t.ok(await shop.house.store.notices.find(evidence), 'the evidence is there')
  const paid = shop.house.called.filter(({ data }) => data.type === 'payment.paid')
  t.strictSame(
    paid.map(({ data }) => data.id),
    [id, id],
    'told again, as the same event',
  )
  const notes = shop.house.log.flatMap((line) => line.notes ?? []) as { event: string }[]
  t.match(
    notes.filter(({ event }) => event === 'order.repaired'),
    [{ outTradeNo: order.outTradeNo, by, evidence }],
    'and told to the log',
  )
}

const ways: Record<string, { by: string; go(t: Test, shop: Shop): Promise<void> }> = {
  'the repeated notice': {
    by: 'notice',
    async go(t, shop) {
      const [delivery] = await shop.platforms.redeliver('T20500101', 3)
      t.ok(delivery?.attempts.at(-1)?.understood)
    },
  },
  orderQuery: {
    by: 'query',
    async go(t, { house }) {
      const answer = await house.server('orderQuery', { outTradeNo: 'T20500101' })
      t.match(answer, { errCode: 0, tradeState: /SUCCESS/, orderState: 'PAID' })
    },
  },
  closeOrder: {
    by: 'closeOrder',
    async go(t, shop) {
      const { house } = shop
      const closing = () => patiently(shop, house.server('closeOrder', { outTradeNo: 'T20500101' }))
      t.match(await closing(), { errCode: 'ORDER_PAID' })
      t.match(await closing(), { errCode: 'ORDER_PAID' })
    },
  },
  refund: {
    by: 'query',
    async go(t, shop) {
      t.match(await shop.refund('R1', 500), { errCode: 0, refundFee: 500 })
      t.match(await shop.entry('R1'), { refundFee: 500, state: /PROCESSING|SUCCEEDED/ })
    },
  },
}

for (const provider of providers) {
  t.test(provider, (t) =>
    forEachStore(t, async (t, open) => {
      for (const [name, { by, go }] of Object.entries(ways)) {
        await t.test(name, async (t) => {
          const restored = await paidAndRestored(t, provider, await open())
          await go(t, restored.shop)
          const { shop } = restored
          if (name === 'refund') {
            t.match((await shop.order()).history[2], { to: 'PAID', by, repair: true })
            return
          }
          await isMended(t, restored, by)
        })
      }

      await t.test('a refund, by its repeated notice and by refundQuery', async (t) => {
        for (const way of ['notice', 'query'] as const) {
          const shop = await openShop(t, provider, { store: await open() })
          await shop.pay()
          await shop.house.clock.advance(NEXT_REFUND_MS)
          const before = await shop.order()
          t.match(await shop.refund('R1', 500), { errCode: 0 })
          await shop.platforms.finishRefund('R1')
          t.match(await shop.order(), { state: 'PARTIALLY_REFUNDED' })
          await restore(shop, before)
          await shop.house.clock.advance(NEXT_REFUND_MS)
          if (way === 'notice') await shop.platforms.redeliver('R1', 2)
          else
            t.match(await shop.house.server('refundQuery', { outTradeNo: 'T20500101', outRefundNo: 'R1' }), {
              errCode: 0,
            })
          const order = await shop.order()
          t.match(
            order,
            { state: 'PARTIALLY_REFUNDED', refunds: [{ outRefundNo: 'R1', state: 'SUCCEEDED' }] },
            way,
          )
          t.match(order.history.at(-1), { to: 'PARTIALLY_REFUNDED', repair: true }, way)
          const told = shop.house.called.filter(({ data }) => data.type === 'refund.succeeded')
          t.equal(new Set(told.map(({ data }) => data.id)).size, 1, 'one event')
        }
      })
    }),
  )
}

t.test('the order is gone, not only older: that is told, and the notice is acknowledged', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  await shop.pay()
  const other = await openShop(t, 'weixin-v3', { platforms: shop.platforms })
  other.house.env.NOTIFY_BASE_URL = shop.house.env.NOTIFY_BASE_URL
  const { merchantId, transactionId = '' } = await shop.house.order('T20500101')
  const record = await shop.house.store.notices.find(`weixin-v3:${merchantId}:payment:${transactionId}`)
  if (record) await other.house.store.notices.receive(record)
  const [delivery] = await shop.platforms.redeliver('T20500101', 3)
  t.ok(delivery?.attempts.at(-1)?.understood)
  t.strictSame(other.told(), ['payment.unmatched'])
})

t.test('closed here and paid there: closing it again says so', async (t) => {
  for (const provider of providers) {
    const shop = await openShop(t, provider)
    await shop.place()
    const orderInfo = (await shop.offer()) as Record<string, unknown>
    shop.platforms.faults.next(shop.api.notice, 'dropped', 9)
    await shop.platforms.requestPayment(orderInfo as never)
    const offered = await shop.order()
    await shop.house.store.orders.replace({ ...offered, state: 'CLOSED' })
    t.match(await shop.house.server('closeOrder', { outTradeNo: 'T20500101' }), { errCode: 'ORDER_PAID' })
    t.strictSame(shop.told(), ['payment.paidAfterClose'])
  }
})
