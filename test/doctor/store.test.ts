import { MongoClient } from 'mongodb'
import t from 'tap'
import { systemClock } from '../../shared/clock.js'
import { collections } from '../../shared/store/index.js'
import { withMongo } from '../support/mongo/withMongo.js'
import { freePort } from '../support/network/freePort.js'
import { runDoctor, startDeployment } from './support/deployment.js'
import { strictMongo } from './support/strictMongo.js'

const denied = { code: 13, errmsg: 'not authorized on shop to execute command' }

t.test('a database that refuses', async (t) => {
  const { healthy, finds } = await startDeployment(t)
  const base = healthy('alipay')
  const refusing = async (refusals: Parameters<typeof strictMongo>[1], user = '') => ({
    MONGODB_URI: `mongodb://${user}${await strictMongo(t, refusals)}/shop?directConnection=true`,
  })
  const noToken = 'weixin.token/none'
  await finds(t, base, [
    {
      name: 'nobody there',
      change: { MONGODB_URI: `mongodb://user:pa55word@127.0.0.1:${await freePort()}/shop` },
      finds: ['store.mongodb/unreachable'],
    },
    {
      name: 'a wrong password',
      change: await refusing({ saslStart: { code: 18, errmsg: 'Authentication failed.' } }, 'u:pa55word@'),
      finds: ['store.mongodb/login-refused'],
    },
    {
      name: 'a user who may only read',
      change: await refusing({ insert: denied }),
      finds: ['store.mongodb/cannot-write', noToken],
    },
    {
      name: 'a user who may not make indexes',
      change: await refusing({ createIndexes: denied }),
      finds: ['store.mongodb/cannot-index', noToken],
    },
  ])
})

t.test('a database that is there', (t) =>
  withMongo(t, async (uri) => {
    const { platforms, healthy, finds } = await startDeployment(t)
    const client = await MongoClient.connect(uri)
    t.teardown(() => client.close())
    const db = client.db()
    const base = { ...healthy('alipay'), MONGODB_URI: uri }
    const first = await runDoctor(base)
    t.strictSame(first.errors, [])
    t.ok(first.rest.includes('store.mongodb/works') && first.rest.includes('store.indexes/none-yet'))
    t.strictSame(await db.listCollections().toArray(), [], 'the doctor leaves nothing behind')

    const { orders, sessions } = collections
    const made = async () => {
      for (const { name, indexes } of Object.values(collections)) {
        await db.createCollection(name).catch(() => undefined)
        for (const { fields, ...options } of indexes) {
          await db
            .collection(name)
            .createIndex(Object.fromEntries(fields.map((field) => [field, 1])), options)
        }
        // Names of their own: the server of the tests drops every index of a name, whatever its collection.
        await db.collection(name).createIndex({ expiresOn: 1 }, { name: `${name}-expiry` })
      }
    }
    await made()
    t.ok((await runDoctor(base)).rest.includes('store.indexes/there'))
    const noToken = 'weixin.token/none'
    for (const [index, collection, found] of [
      ['transactionKey_1', orders.name, 'store.indexes/unique-missing'],
      ['outTradeNo_1', orders.name, 'store.indexes/missing'],
      [`${sessions.name}-expiry`, sessions.name, 'store.indexes/never-forgets'],
    ] as const) {
      await made()
      await db.collection(collection).dropIndex(index)
      const { errors, warnings } = await runDoctor(base)
      t.strictSame(
        [...errors, ...warnings].filter((name) => name.startsWith('store.')),
        [found],
        `${collection} without ${index}`,
      )
    }
    await made()

    const tokens = db.collection<{ _id: string; [field: string]: unknown }>(collections.tokens.name)
    const { appId, secret } = platforms.app
    const body = JSON.stringify({ grant_type: 'client_credential', appid: appId, secret })
    const fetched = await fetch(`${platforms.url}/cgi-bin/stable_token`, { method: 'POST', body })
    const { access_token: token } = (await fetched.json()) as { access_token: string }
    const now = systemClock.now()
    const keep = async (mode: string, fields: object) => {
      await tokens.deleteMany({})
      await tokens.insertOne({ _id: `weixin:${appId}:${mode}`, leaseUntil: 0, ...fields })
    }
    const living = { token, fetchedAt: now - 600_000, expiresAt: now + 3_600_000 }
    await keep('stable', living)
    t.ok((await runDoctor(base)).rest.includes('weixin.token/healthy'))
    for (const [mode, fields, found] of [
      ['stable', { ...living, expiresAt: now - 60_000 }, 'weixin.token/expired'],
      ['stable', { ...living, token: 'dead' }, 'weixin.token/dead'],
      ['plain', { ...living, expiresAt: now + 240_000 }, 'weixin.token/late'],
      ['plain', living, undefined],
    ] as const) {
      await keep(mode, fields)
      const env = mode === 'plain' ? { ...base, WEIXIN_TOKEN_MODE: mode } : base
      const { errors, warnings, text } = await runDoctor(env)
      const aboutTokens = [...errors, ...warnings].filter((name) => name.startsWith('weixin.token'))
      t.strictSame(aboutTokens, found === undefined ? [] : [found], `${mode}: ${found ?? 'healthy'}`)
      t.notOk(text.includes(token), 'no token is shown')
    }
    await tokens.deleteMany({})
    t.ok((await runDoctor(base)).warnings.includes(noToken))

    const account = { provider: 'alipay', merchantId: platforms.alipay.account.appId, learnedAt: now }
    const learned = {
      _id: `account:alipay:${account.merchantId}`,
      account: { ...account, sellerId: '2088000000000001' },
    }
    await db.collection<{ _id: string; account: object }>(collections.certificates.name).insertOne(learned)
    const unset = await runDoctor({ ...base, ALIPAY_SELLER_ID: '' })
    t.ok(unset.warnings.includes('alipay.keys/seller-learned'))
    t.match(unset.text, '2088000000000001')

    await finds(t, base, [
      {
        name: 'no name of a database',
        change: { MONGODB_URI: uri.replace(/\/openapi-test-\w+/, '/') },
        finds: ['store.mongodb/no-database'],
      },
    ])
  }),
)
