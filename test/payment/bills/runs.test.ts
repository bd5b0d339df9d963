import t, { type Test } from 'tap'
import { reconcileDay } from '../../../shared/payment/reconcile/bills/reconcile.js'
import { allDifferences } from '../../../shared/payment/reconcile/bills/reports.js'
import type { BillReport, Store } from '../../../shared/store/port.js'
import { openShop, type Shop } from '../shop.js'
import { contextOf, type Planted, planting, type Row } from './planting.js'

/** Calls that are cut by their time limit, that die, and that meet; and days that begin and end in Beijing. */

const DAY = '20500101'
const HOUR = 3600_000

/** One order, and 250 rows of orders that are unknown here. */
const UNKNOWN = 250
const trade: NonNullable<Planted['trade']> = (rows) => [
  ...rows,
  ...Array.from({ length: UNKNOWN }, (_, n): Row => {
    const number = String(n).padStart(4, '0')
    return { ...rows[0], 商户订单号: `UNKNOWN${number}`, 微信订单号: `420000000000000000000${number}` }
  }),
]

/** The bill has no money of theirs: those are no concern here. */
async function bigDay(t: Test): Promise<Shop> {
  const shop = await openShop(t, 'weixin-v3')
  await shop.pay()
  await shop.house.clock.advance(27 * HOUR)
  return shop
}

async function kept(shop: Shop, { id }: BillReport): Promise<{ numbers: string[]; places: number[] }> {
  const numbers: string[] = []
  const places: number[] = []
  for await (const { type, outTradeNo, bill, seq } of allDifferences(shop.house.store, id)) {
    if (type === 'missing-here' && bill === undefined) numbers.push(outTradeNo)
    places.push(seq)
  }
  return { numbers, places }
}

const ALL = Array.from({ length: UNKNOWN }, (_, n) => `UNKNOWN${String(n).padStart(4, '0')}`)

/** A store whose `n`th difference is never kept: what a call that dies there sees of it. */
function dyingAt(store: Store, n: number): { store: Store; died: Promise<void>; revive(): void } {
  let count = 0
  let died = (): void => undefined
  let revive = (): void => undefined
  const isDead = new Promise<void>((resolve) => {
    died = resolve
  })
  const revived = new Promise<void>((resolve) => {
    revive = resolve
  })
  const keep: Store['reports']['keep'] = async (difference, id) => {
    count += 1
    if (count >= n) {
      died()
      await revived
    }
    return store.reports.keep(difference, id)
  }
  return { store: { ...store, reports: { ...store.reports, keep } }, died: isDead, revive }
}

t.test('a call that its time limit cuts is gone on with where it was', async (t) => {
  const shop = await bigDay(t)
  const provider = await planting(shop, { trade })
  let calls = 0
  const call = () => {
    let isOver = false
    calls += 1
    const context = contextOf(shop, () => (isOver ? 0 : 60_000))
    const onProgress = () => {
      isOver = true
    }
    return reconcileDay(context, provider, DAY, { onProgress })
  }
  let report = await call()
  t.match(report, { state: 'busy', rows: UNKNOWN + 1 })
  t.ok(report.cursor.rows >= 100 && report.cursor.rows < UNKNOWN, 'cut in the middle of the rows')
  const first = report.cursor.rows
  for (; report.state !== 'done' && calls < 20; report = await call()) {
    t.ok(report.cursor.rows >= first, 'never back')
  }
  t.ok(calls >= 4, 'a batch a call')
  t.match(report, { state: 'done', byType: { 'missing-here': UNKNOWN }, agreed: 1 })
  const { numbers, places } = await kept(shop, report)
  t.strictSame(numbers.sort(), ALL)
  t.equal(new Set(places).size, places.length, 'each at its own place')
})

t.test('a call that dies, and comes back after another has finished', async (t) => {
  const shop = await bigDay(t)
  const { house } = shop
  const provider = await planting(shop, { trade })
  const dying = dyingAt(house.store, 150)
  const context = contextOf(shop)
  const dead = reconcileDay({ ...context, store: async () => dying.store }, provider, DAY)
  await dying.died
  t.match(await reconcileDay(context, provider, DAY), { state: 'busy' }, 'it may still be at it')
  await house.clock.advance(121_000)
  const report = await reconcileDay(context, provider, DAY)
  t.match(report, { state: 'done', byType: { 'missing-here': UNKNOWN }, agreed: 1 })
  dying.revive()
  await dead
  t.strictSame(await house.store.reports.find(report.id), report, 'who comes back changes nothing')
  t.strictSame((await kept(shop, report)).numbers.sort(), ALL)
})

t.test('what was put off while the clock was ahead is taken up when it is right', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const { house } = shop
  await shop.pay()
  await house.clock.advance(27 * HOUR)
  const now = house.clock.now()
  const ahead = now + 10 * 24 * HOUR
  const { merchantId, provider } = await shop.order()
  const put = {
    ...{ provider, merchantId, kind: 'trade' as const, state: 'waiting' as const, run: 1, busyUntil: ahead },
    ...{ resumeAt: ahead + HOUR / 2, startedAt: ahead, updatedAt: ahead, rev: 0 },
    cursor: { phase: 'rows' as const, rows: 0, system: 0, key: 0 },
    ...{ rows: 0, agreed: 0, found: 0, resolved: 0, byType: {}, totals: [], carried: [] },
  }
  // Two days before: nothing but `resumeAt` leads there. The other day is not over yet, and has its own morning.
  for (const day of ['20491231', '20500111'])
    await house.store.reports.begin({ ...put, id: `${provider}:${merchantId}:trade:${day}`, day })
  const answer = await house.timer('billReconcile')
  t.match(answer, {
    errCode: 0,
    bills: [
      { day: '20491231', state: 'done' },
      { day: DAY, agreed: 1 },
    ],
    failed: [],
  })
})

t.test('two at once', async (t) => {
  const shop = await bigDay(t)
  const { house } = shop
  const provider = await planting(shop, { trade })
  const context = contextOf(shop)
  const both = await Promise.all([1, 2].map(() => reconcileDay(context, provider, DAY)))
  t.strictSame(both.map(({ state }) => state).sort(), ['busy', 'done'])
  for (let minute = 0; minute < 4; minute++) await house.timer('eventDispatch')
  const told = house.called.filter(({ data }) => data.type === 'reconcile.difference')
  t.equal(new Set(told.map(({ data }) => data.id)).size, told.length, 'each difference is told once')
})

t.test('a second before midnight in Beijing, and a payment that is told on another day', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const { house, platforms, api } = shop
  await house.clock.advance(16 * HOUR - 1000)
  await shop.pay('LASTSECOND')
  platforms.faults.next(api.notice, 'dropped', 1)
  await shop.pay('TOLDLATER')
  t.equal((await house.order('TOLDLATER')).state, 'PAYING', 'its first notice is lost')
  await house.clock.advance(60_000)
  t.match(await house.order('TOLDLATER'), { state: 'PAID', timeEnd: '20500101235959' })
  platforms.faults.next(api.notice, 'dropped', 50)
  await shop.pay('NEVERTOLD')
  await house.clock.advance(11 * HOUR)
  const days = async (billDate: string) => (await house.server('billReconcile', { billDate })).bills
  t.match(await days('20500101'), [{ rows: 2, agreed: 2, open: 0, byType: {}, flows: 'compared' }])
  await house.clock.advance(24 * HOUR)
  t.match(await days('20500102'), [{ rows: 1, open: 0, resolved: 1, byType: { state: 1 } }])
  t.equal((await house.order('NEVERTOLD')).state, 'PAID')
})
