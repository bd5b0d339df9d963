import t from 'tap'
import { collections, openUniCloudStore } from '../../shared/store/index.js'
import { refused } from '../support/refused.js'
import { UniCloudDatabaseStandIn } from '../support/unicloudDatabase.js'
import { NOW, order } from './contract/records.js'
import { storeContract } from './contract.js'

const unique = { [collections.orders.name]: 'transactionKey' }

t.test('the contract', (t) =>
  storeContract(t, async () => {
    const database = new UniCloudDatabaseStandIn(unique)
    const open = () => openUniCloudStore(database)
    return { stores: [open(), open(), open(), open()], reopen: async () => open() }
  }),
)

t.test('a slot of refused notices holds one, and all are forgotten a month later', async (t) => {
  const database = new UniCloudDatabaseStandIn()
  const { notices } = openUniCloudStore(database)
  const kept = () => database.contents(collections.refused.name)
  const refused = { slot: 3, provider: 'weixin-v2', reason: 'signature', evidence: 'PHhtbC8+', at: NOW }
  await notices.keepRefused(refused)
  await notices.keepRefused({ ...refused, reason: 'merchant', at: NOW + 1 })
  t.match(kept(), [{ _id: '3', reason: 'merchant', at: NOW + 1 }])
  await notices.keepRefused({ ...refused, slot: 4, at: NOW + 32 * 86_400_000 })
  t.match(kept(), [{ _id: '4' }])
})

t.test('expired sessions, counters and codes go away, a day later, while others are written', async (t) => {
  const database = new UniCloudDatabaseStandIn()
  const store = openUniCloudStore(database)
  const kept = () =>
    [collections.sessions, collections.counters, collections.codes].map(
      ({ name }) => database.contents(name).length,
    )
  const login = { provider: 'weixin', appId: 'wx', openid: 'o' } as const
  const write = async (at: number) => {
    await store.sessions.put({ ...login, tokenHash: String(at), createdAt: at, expiresAt: at + 1 })
    await store.counters.hit('u', at)
    await store.codes.find('any', at)
    await store.codes.put({ key: String(at), contentType: 'image/png', base64: '', expiresAt: at + 1 })
  }
  const hour = 3_600_000
  await write(NOW)
  await write(NOW + 23 * hour)
  t.same(kept(), [2, 2, 2], 'clocks differ: what has just expired stays a while')
  await write(NOW + 48 * hour)
  t.same(kept(), [1, 1, 1])
})

t.test('what a write leaves out is gone, not null', async (t) => {
  const database = new UniCloudDatabaseStandIn(unique)
  const { orders } = openUniCloudStore(database)
  await orders.create(order({ openid: 'o', transactionId: undefined }))
  await orders.replace(order({ transactionId: undefined, refunds: [] }))
  t.notMatch(
    JSON.stringify(database.contents(collections.orders.name)),
    /(openid|attach|transactionId|nextEventAt)":/,
  )
})

t.test('a database that does not answer', async (t) => {
  const database = new UniCloudDatabaseStandIn()
  const store = openUniCloudStore(database)
  await store.orders.create(order())
  database.down = true
  const unavailable = 'STORE_UNAVAILABLE'
  t.equal(await refused(store.orders.create(order({ outTradeNo: 'T2' }))), unavailable, 'is no taken number')
  t.equal(await refused(store.orders.replace(order())), unavailable)
  t.equal(await refused(store.tokens.acquire('k', 'a', NOW, NOW + 1)), unavailable)
  t.equal(await refused(store.events.due(NOW, 1)), unavailable)
  database.down = false
  t.strictSame(await store.orders.find(order()), order())
})

t.test('a unique key is always filled, since only Alibaba has sparse indexes', async (t) => {
  const database = new UniCloudDatabaseStandIn(unique)
  const { orders } = openUniCloudStore(database)
  for (const outTradeNo of ['T1', 'T2']) await orders.create(order({ outTradeNo, transactionId: undefined }))
  const keys = database.contents(collections.orders.name).map(({ transactionKey }) => transactionKey)
  t.ok(keys.every((key) => typeof key === 'string' && key !== ''))
  t.equal(new Set(keys).size, 2)
  t.equal((await orders.find(order({ outTradeNo: 'T1' })))?.transactionId, undefined)
})
