import { readFileSync } from 'node:fs'
import t from 'tap'
import { fen } from '../../../shared/money.js'
import type { OrderRecord, Store, StoredDifference } from '../../../shared/store/port.js'
import { NEXT_REFUND_MS, openShop, providers, type Shop } from '../shop.js'

/** The bill of a day beside the orders, whichever provider: every kind of difference is planted, found and named. */

const DAY = '20500101'
const DAY_MS = 24 * 3600 * 1000

/** The next morning. */
const nextMorning = ({ house }: Shop) => house.clock.advance(DAY_MS + 11 * 3600 * 1000)

interface Bill {
  state: string
  rows: number
  agreed: number
  open: number
  resolved: number
  byType: Record<string, number>
}

async function reconcile({ house, provider }: Shop, more = {}): Promise<Bill> {
  const answer = await house.server('billReconcile', { billDate: DAY, provider, ...more })
  const [bill] = answer.bills as Bill[]
  if (!bill) throw new Error(JSON.stringify(answer))
  return bill
}

const differences = async (
  { reports }: Store,
  provider: string,
  merchantId: string,
): Promise<StoredDifference[]> => reports.differences(`${provider}:${merchantId}:trade:${DAY}`, 0, 100)

const changed = async (store: Store, order: OrderRecord, changes: Partial<OrderRecord>) => {
  if (!(await store.orders.replace({ ...order, ...changes }))) throw new Error('lost')
}

const found = async (shop: Shop) => {
  const { merchantId, provider } = await shop.order()
  const all = await differences(shop.house.store, provider, merchantId)
  return all
    .map(({ type, outTradeNo, resolved }) => `${type} ${outTradeNo}${resolved ? ' resolved' : ''}`)
    .sort()
}

for (const provider of providers) {
  t.test(`${provider}: a day on which all agrees`, async (t) => {
    const shop = await openShop(t, provider)
    await shop.pay()
    await shop.refund('R1', 500)
    await shop.house.clock.advance(NEXT_REFUND_MS)
    await nextMorning(shop)
    const bill = await reconcile(shop)
    t.match(bill, { state: 'done', rows: 2, open: 0 })
    // V2's notice of a refund proves nothing: where nobody has asked yet, this run does.
    t.equal(bill.agreed + bill.resolved, 2)
    t.match(await reconcile(shop, { again: true }), { state: 'done', rows: 2, agreed: 2, open: 0 })
  })

  t.test(`${provider}: a day without anything`, async (t) => {
    const shop = await openShop(t, provider)
    await nextMorning(shop)
    t.match(await reconcile(shop), { state: 'done', rows: 0, open: 0 })
  })

  t.test(`${provider}: every kind of difference`, async (t) => {
    const shop = await openShop(t, provider)
    const { store } = shop.house
    for (let n = 1; n <= 6; n++) await shop.pay(`ORDER00${n}`, 1000 + n)
    await shop.pay()
    await shop.refund('R1', 500)
    await shop.house.clock.advance(NEXT_REFUND_MS)
    t.match(await shop.refund('R2', 100), { errCode: 0 })
    await shop.house.clock.advance(NEXT_REFUND_MS)
    await nextMorning(shop)
    const order = (number: string) => shop.house.order(number)
    const paid = await order('ORDER001')
    await changed(store, await order('ORDER002'), { totalFee: fen(999) })
    const { transactionId: _gone, timeEnd: _time, ...unpaid } = await order('ORDER004')
    t.ok(await store.orders.replace({ ...unpaid, state: 'PAYING' }))
    await changed(store, await order('ORDER005'), { transactionId: '420000000000000009' })
    await store.orders.create({
      ...paid,
      outTradeNo: 'GHOST001',
      transactionId: '420000000000000001',
      rev: 0,
    })
    const refunded = await shop.order()
    await changed(store, refunded, {
      refunds: refunded.refunds
        .filter(({ outRefundNo }) => outRefundNo !== 'R1')
        .map((entry) => ({ ...entry, refundFee: fen(99) })),
    })
    const bill = await reconcile(shop)
    t.equal(bill.state, 'done')
    t.strictSame(await found(shop), [
      'amount ORDER002',
      'duplicate ORDER005',
      'missing-there GHOST001',
      'refund-amount T20500101',
      'refund-missing T20500101 resolved',
      'state ORDER004 resolved',
    ])
    t.equal((await order('ORDER004')).state, 'PAID', 'by the answer of the provider')
    t.equal((await order('ORDER004')).history.at(-1)?.by, 'bill')
    t.match(bill, { open: 4, resolved: 2 })
    const before = await found(shop)
    await reconcile(shop, { again: true })
    t.strictSame(await found(shop), before, 'the same report again')
    await shop.house.timer('eventDispatch')
    const events = shop.house.called.filter(({ data }) => data.type === 'reconcile.difference')
    t.equal(events.length, 4, 'an event for each that is open, once')
  })
}

t.test('the event is as its page shows it', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  await shop.pay('ORDER002', 1002)
  await nextMorning(shop)
  await changed(shop.house.store, await shop.house.order('ORDER002'), { totalFee: fen(999) })
  await reconcile(shop)
  await shop.house.timer('eventDispatch')
  const told = shop.house.called.find(({ data }) => data.type === 'reconcile.difference')
  for (const page of ['reconcile.md', 'reconcile.zh-CN.md']) {
    const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8')
    const [, sample = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? []
    t.strictSame(JSON.parse(sample), told?.data, page)
  }
})
