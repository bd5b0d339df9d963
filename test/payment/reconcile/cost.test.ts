import t from 'tap'
import { fen } from '../../../shared/money.js'
import { type CollectionKey, collections, type Index } from '../../../shared/store/collections.js'
import type { Document, Documents, Filter, Selection } from '../../../shared/store/documents.js'
import type { OrderRecord, Store } from '../../../shared/store/port.js'
import { storeOver } from '../../../shared/store/store.js'
import { MCH_ID, openHouse } from '../house.js'
import { openShop, patiently } from '../shop.js'

/** What a run of the timer costs, and who waits for whom. */

const MINUTE = 60_000

const waiting = (outTradeNo: string, at: number, changes: Partial<OrderRecord> = {}): OrderRecord => ({
  ...{ outTradeNo, provider: 'weixin-v2', merchantId: MCH_ID, appId: 'wx0123456789abcdef' },
  ...{ totalFee: fen(1999), currency: 'CNY', body: 'tea', state: 'PAYING' },
  ...{ createdAt: at, updatedAt: at, nextQueryAt: at, queries: 0 },
  history: [{ at, from: 'CREATED', to: 'PAYING', by: 'getOrderInfo' }],
  ...{ refunds: [], events: [], rev: 0 },
  ...changes,
})

/** Whether an index begins with the fields that are equal, and goes on with the one that is ranged over or sorted by. */
function isServed(indexes: readonly Index[], filter: Filter, { sort }: Selection): boolean {
  const equal = Object.keys(filter).filter((name) => typeof filter[name] !== 'object')
  const ranged = Object.keys(filter).filter((name) => typeof filter[name] === 'object')
  const rest = [...new Set([...ranged, ...(sort === undefined ? [] : [sort])])]
  return indexes.some(({ fields }) => {
    const head = fields.slice(0, equal.length)
    return (
      rest.length <= 1 &&
      equal.every((name) => head.includes(name)) &&
      rest.every((name) => fields[equal.length] === name)
    )
  })
}

/** What the timers look through, by which field. */
const LOOKED_THROUGH = [
  ...['orders by lastPlannedAt', 'orders by nextEventAt', 'orders by nextQueryAt', 'orders by createdAt'],
  ...['orders by deliveredAt', 'orders by paidKey', 'orders by refundKey'],
  ...['notices by lastPlannedAt', 'notices by nextEventAt', 'notices by confirmAt', 'notices by receivedAt'],
  ...['refused by at', 'tokens by expiresAt', 'reports by resumeAt', 'reports by seq'],
]

t.test('whatever the timers look for, filter and sort are the beginning of a declared index', async (t) => {
  const asked: { key: CollectionKey; filter: Filter; selection: Selection }[] = []
  const kept = new Map<string, Document>()
  const documents: Documents = {
    async insert(_key, document) {
      kept.set(document._id, document)
      return true
    },
    get: async (_key, id) => kept.get(id),
    async find(key, filter, selection) {
      asked.push({ key, filter, selection })
      return []
    },
    async update(_key, id, _filter, { set = {} }) {
      kept.set(id, { ...kept.get(id), ...set, _id: id })
      return true
    },
    remove: async () => undefined,
    expire: async () => 0,
    close: async () => undefined,
  }
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' }, storeOver(documents))
  // The first looks through orders that an older program wrote, the second through notices.
  for (let run = 0; run < 2; run++) t.match(await house.timer('eventDispatch'), { errCode: 0 })
  const { orders, reports } = house.store
  const account = { provider: 'weixin-v2', merchantId: MCH_ID }
  await Promise.all([orders.paidFrom(account, 0, 100), orders.refundedFrom(account, 0, 100)])
  await Promise.all([
    reports.unfinished(0, 100),
    reports.putOffBeyond(0, 100),
    reports.differences('id', 0, 100),
  ])
  const looked = new Set(asked.map(({ key, selection }) => `${key} by ${selection.sort}`))
  t.same([...looked].sort(), LOOKED_THROUGH.sort())
  for (const { key, filter, selection } of asked) {
    // There are as many tokens as applications, however many orders there are.
    const isServedOrSmall = key === 'tokens' || isServed(collections[key].indexes, filter, selection)
    t.ok(isServedOrSmall, JSON.stringify({ key, filter, selection }))
    t.ok(selection.limit <= 100, 'a page at a time')
  }
})

/** Counts what a run asks of the store. */
function counting(store: Store): { store: Store; reads: () => number } {
  let reads = 0
  const guarded = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => {
          reads += 1
          return Reflect.apply(method, target, given) as unknown
        }
      },
    })
  return {
    store: {
      ...store,
      orders: guarded(store.orders),
      notices: guarded(store.notices),
      events: guarded(store.events),
    },
    reads: () => reads,
  }
}

t.test('a run asks no more of the store for the orders that are settled', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  const { house } = shop
  const cost = async (): Promise<number> => {
    const counted = counting(house.store)
    const elsewhere = await openShop(t, 'weixin-v2', { platforms: shop.platforms, store: counted.store })
    await patiently(elsewhere, elsewhere.house.timer('eventDispatch'))
    return counted.reads()
  }
  const empty = await cost()
  const at = house.clock.now()
  for (let n = 0; n < 200; n++) {
    const { nextQueryAt: _due, queries: _asked, ...settled } = waiting(`S${n}`, at, { state: 'PAID' })
    await house.store.orders.create(settled)
  }
  t.equal(await cost(), empty)
})

t.test('a merchant whose provider hangs delays no other', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  const { house, platforms } = shop
  const keys = { mchId: '1900000999', key: '0123456789abcdef0123456789ABCDEF' }
  house.env.WEIXIN_MERCHANTS = JSON.stringify([keys])
  const at = house.clock.now()
  // They wait longer than the one order of the merchant that can be asked about.
  for (let n = 0; n < 60; n++) {
    await house.store.orders.create(waiting(`H${n}`, at - MINUTE, { merchantId: keys.mchId }))
  }
  await shop.place()
  const orderInfo = (await shop.offer()) as never
  platforms.faults.next(shop.api.notice, 'dropped', 9)
  await platforms.requestPayment(orderInfo)
  await house.clock.advance(MINUTE)
  const answer = await patiently(shop, house.timer('eventDispatch'))
  t.match(answer, { errCode: 0 })
  t.equal((await shop.order()).state, 'PAID')
})

t.test('with little time left nothing is begun, and the next run has it all', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  const { house } = shop
  const at = house.clock.now()
  for (let n = 0; n < 30; n++) await house.store.orders.create(waiting(`N${n}`, at))
  const { waiting: due } = house.store.orders
  house.store.orders.waiting = async (...given) => {
    // Every page takes so long that there is time for two.
    await house.clock.advance(25_000)
    return due(...given)
  }
  const first = await house.timer('eventDispatch')
  t.ok(Number(first.asked) < 30, `${first.asked} of 30`)
  t.equal(first.errCode, 0)
  house.store.orders.waiting = due
  const rest = await patiently(shop, house.timer('eventDispatch'))
  t.equal(Number(first.asked) + Number(rest.asked), 30)
})
