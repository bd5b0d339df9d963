import { MongoClient } from 'mongodb'
import t, { type Test } from 'tap'
import { collections, openMongoStore, type Store } from '../../shared/store/index.js'
import { paymentsWithoutStore } from '../payment/storeDown.js'
import { emptyDatabase, withMongo } from '../support/mongo/withMongo.js'
import { cableTo } from '../support/network/cable.js'
import { freePort } from '../support/network/freePort.js'
import { refused } from '../support/refused.js'
import { NOW, order } from './contract/records.js'
import { storeContract } from './contract.js'

/** Another connection to the same data: a store is shared by everyone who names it by the same address. */
const connection = (uri: string, name: string) => openMongoStore(`${uri}&appName=${name}`)

async function contract(t: Test, uri: string): Promise<void> {
  await storeContract(t, async () => {
    await emptyDatabase(uri)
    const stores: [Store, ...Store[]] = [await connection(uri, 'a')]
    for (const name of ['b', 'c', 'd']) stores.push(await connection(uri, name))
    const reopen = async () => {
      await stores[0].close()
      return connection(uri, 'a')
    }
    return { stores, reopen }
  })
}

/** Expired documents are removed by the server where it can, by the next writer where it cannot. */
async function expiry(t: Test, uri: string): Promise<void> {
  await emptyDatabase(uri)
  const store = await openMongoStore(uri)
  const login = { provider: 'weixin', appId: 'wx', openid: 'o' } as const
  const session = (at: number) => ({ ...login, tokenHash: String(at), createdAt: at, expiresAt: at + 1 })
  const later = NOW + 2 * 86_400_000
  for (const at of [NOW, later]) await store.sessions.put(session(at))
  t.strictSame(
    await store.sessions.find(String(later), later),
    session(later),
    'the date for the server stays inside',
  )

  const client = await MongoClient.connect(uri)
  const sessions = client.db().collection(collections.sessions.name)
  const indexes = await sessions.indexes()
  const forgets = indexes.some(({ expireAfterSeconds }) => expireAfterSeconds === 86_400)
  t.comment(forgets ? 'this server forgets by itself' : 'this server is swept')
  t.equal(await sessions.countDocuments(), forgets ? 2 : 1)
  if (forgets) t.same((await sessions.findOne({}, { sort: { createdAt: 1 } }))?.expiresOn, new Date(NOW + 1))
  await client.close()
  await store.close()
}

/** A server that goes away makes every call fail as such; when it is back the same store goes on. */
async function outage(t: Test, uri: string): Promise<void> {
  const [, host = '', port = ''] = /^mongodb:\/\/(?:[^@/]*@)?([^:,/]+):(\d+)\//.exec(uri) ?? []
  if (host === '') return void t.pass('one host', { skip: 'a cable has one end' })
  const cable = await cableTo({ host, port: Number(port) })
  const store = await openMongoStore(
    `${uri.replace(`${host}:${port}`, `127.0.0.1:${cable.port}`)}&directConnection=true`,
  )
  t.equal(await store.orders.create(order()), true)
  cable.cut()
  const [known, fresh] = await Promise.all([
    refused(store.orders.replace(order())),
    refused(store.certificates.list('weixin-v3', 'm')),
  ])
  t.same([known, fresh], ['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE'])
  cable.mend()
  t.equal(await store.orders.replace(order()), true, 'nothing was changed meanwhile')
  t.same(
    await store.certificates.list('weixin-v3', 'm'),
    [],
    'a collection first used during the outage works too',
  )
  await store.close()
  await cable.close()
}

t.test('on a real server', (t) =>
  withMongo(t, async (uri) => {
    await t.test('the contract', (t) => contract(t, uri))
    await t.test('expiry', (t) => expiry(t, uri))
    await t.test('outage', async (t) => {
      await emptyDatabase(uri)
      await outage(t, uri)
    })
    await t.test('payments while the line is cut', async (t) => {
      const { host, port } = new URL(uri)
      const cable = await cableTo({ host: host.split(':')[0] ?? '', port: Number(port) })
      const path = `127.0.0.1:${cable.port}/${new URL(uri).pathname.slice(1)}-cut?directConnection=true`
      const store = await openMongoStore(`mongodb://${path}`)
      await paymentsWithoutStore(t, { store, down: cable.cut, up: cable.mend })
      await store.close()
      await cable.close()
    })
    await t.test('one client, however many ask at once, and a new one after it was closed', async (t) => {
      const [one, other] = await Promise.all([openMongoStore(uri), openMongoStore(uri)])
      t.equal(one, other)
      await one.close()
      const next = await openMongoStore(uri)
      t.not(next, one)
      t.equal(await next.orders.find(order({ outTradeNo: 'unknown' })), undefined)
      await next.close()
    })
  }),
)

t.test('a server that is not there', async (t) => {
  const uri = `mongodb://127.0.0.1:${await freePort()}/none`
  t.equal(await refused(openMongoStore(uri)), 'STORE_UNAVAILABLE')
  t.equal(await refused(openMongoStore(uri)), 'STORE_UNAVAILABLE', 'and is tried again')
})

t.test('an address that is none is named, not shown', async (t) => {
  const uri = 'mongo://user:hunter2@host/db'
  t.equal(await refused(openMongoStore(uri)), 'INVALID_SETTING')
  const failure = await openMongoStore(uri).catch(String)
  t.match(failure, 'MONGODB_URI')
  t.notMatch(failure, 'hunter2')
})
