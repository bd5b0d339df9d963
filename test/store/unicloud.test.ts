import t from 'tap'
import { collections, openUniCloudStore } from '../../shared/store/index.js'
import { refused } from '../support/refused.js'
import { UniCloudDatabaseStandIn } from '../support/unicloud-database.js'
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

t.test('expired sessions, counters and codes go away while others are written', async (t) => {
  const database = new UniCloudDatabaseStandIn()
  const store = openUniCloudStore(database)
  const session = { provider: 'weixin', appId: 'wx', openid: 'o' } as const
  const twoDays = 2 * 86_400_000
  for (const at of [NOW, NOW + twoDays]) {
    await store.sessions.put({ ...session, tokenHash: String(at), createdAt: at, expiresAt: at + 1 })
    await store.counters.hit('u', at)
    await store.codes.find('any', at)
    await store.codes.put({ key: String(at), contentType: 'image/png', base64: '', expiresAt: at + 1 })
  }
  for (const { name } of [collections.sessions, collections.counters, collections.codes]) {
    t.equal(database.contents(name).length, 1, name)
  }
})

t.test('what a write leaves out is gone, not null', async (t) => {
  const database = new UniCloudDatabaseStandIn(unique)
  const { orders } = openUniCloudStore(database)
  await orders.create(order({ openid: 'o', transactionId: undefined }))
  await orders.replace(order({ transactionId: undefined, refunds: [] }))
  t.notMatch(
    JSON.stringify(database.contents(collections.orders.name)),
    /(openid|attach|transactionId|transactionKey|nextEventAt)":/,
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
