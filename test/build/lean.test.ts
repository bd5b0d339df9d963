import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as original from 'mongodb'
import t from 'tap'
import { DIST } from './space.js'

/** The vendored packages are lighter than those of npm, and must not be noticed to be. */

const require = createRequire(import.meta.url)
const vendor = (name: string): unknown => require(join(DIST, 'functions', 'refund', 'vendor', `${name}.js`))

/** What a connection string comes to, errors included. */
function read({ MongoClient }: Pick<typeof original, 'MongoClient'>, uri: string): unknown {
  try {
    const { hosts, dbName, credentials, replicaSet, tls, appName, readPreference, compressors, ...others } =
      new MongoClient(uri).options
    const { maxPoolSize, retryWrites, writeConcern } = others
    const places = hosts.map(String)
    return JSON.parse(
      JSON.stringify({
        places,
        dbName,
        credentials,
        replicaSet,
        tls,
        appName,
        readPreference,
        compressors,
        maxPoolSize,
        retryWrites,
        writeConcern,
      }),
    )
  } catch (error) {
    return String(error)
  }
}

t.test('MongoDB’s connection strings mean what they mean to the driver of npm', async (t) => {
  const built = vendor('mongodb') as typeof original
  for (const uri of [
    'mongodb://localhost',
    'mongodb://u:p%40ss@h1:27017,h2:27018/shop?replicaSet=rs&readPreference=secondary&authSource=admin',
    'mongodb://[::1]:27017/shop?w=majority&retryWrites=false',
    'mongodb://%E7%94%A8%E6%88%B7:%E5%AF%86@h/shop?appName=%E5%BA%97',
    'mongodb://h/?maxPoolSize=5&compressors=zlib&tls=true&TLSInsecure=true',
    'mongodb://h/shop?readPreferenceTags=dc:ny,rack:1&readPreferenceTags=dc:ny&readPreference=nearest',
    'mongodb://a.mongodb.rds.aliyuncs.com:3717,b.mongodb.rds.aliyuncs.com:3717/admin?replicaSet=mgset-1',
    'mongodb://%2Ftmp%2Fmongodb-27017.sock/shop',
    'mongodb://户/shop',
    'mongodb://u@:p@h/',
    'mongodb://h?unknown=1',
    'mongodb://h?x=',
    'mongodb+srv://a:1',
    'http://h',
  ]) {
    t.strictSame(read(built, uri), read(original, uri), uri)
  }
})

/** A word of valibot's own, which survives minifying. */
const VALIBOT = /abortPipeEarly/
const eager = (name: string): string => readFileSync(join(DIST, 'functions', name, 'index.js'), 'utf8')

t.test('a callback loads without what checks inputs: it has none, and a provider waits', async (t) => {
  for (const name of ['verifyPaymentNotify', 'verifyRefundNotify', 'messageNotify']) {
    t.notMatch(eager(name), VALIBOT, name)
  }
  t.match(eager('getOrderInfo'), VALIBOT, 'which would be seen')
})

t.test('a function of one platform has no logins of the other in it, which it refuses', async (t) => {
  const holds = (name: string, text: string) => {
    const folder = join(DIST, 'functions', name)
    const late = readdirSync(folder).filter((file) => /^late.*\.js$/.test(file))
    return late.some((file) => readFileSync(join(folder, file), 'utf8').includes(text))
  }
  t.strictSame(
    ['wxacodeGet', 'acodeGetMiniCode', 'getOrderInfo'].map((name) => [
      holds(name, '/sns/jscode2session'),
      holds(name, 'alipay.system.oauth.token'),
    ]),
    [
      [true, false],
      [false, true],
      [true, true],
    ],
  )
})
