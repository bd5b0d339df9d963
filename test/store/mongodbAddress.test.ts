import { MongoClient } from 'mongodb'
import t from 'tap'
import { OpenapiError } from '../../shared/errors/index.js'
import { cloudFunction } from '../../shared/runtime/index.js'
import { checkAddress, clientAt } from '../../shared/store/mongodb/address.js'
import { probe, withHost } from '../runtime/probe.js'

/** Every part of these passwords is a word of its own, so that any of it in a log is seen. */
const PASSWORDS = [
  ...['hunter@second', 'hunter#second', 'hunter/second', 'hunter:second', 'hunter%second', 'hunter?second'],
  ...[
    'hunter@second/third',
    'hunter@second:27017/third?fourth=fifth',
    'hunter/@second',
    '27017/second@hunter',
  ],
  ...[
    '27017?second@hunter',
    '27017#second',
    'hunter%4',
    '@hunter',
    'hunter@',
    'hunter[second]',
    '@/?#:%hunter',
  ],
  '27017?second=hunter',
]

const AFTER = ['127.0.0.1:1/db', '127.0.0.1:1', '127.0.0.1:1/db?replicaSet=rs&tlsCAFile=/etc/ca.pem']

for (const scheme of ['mongodb', 'mongodb+srv']) {
  t.test(`${scheme}: a password that is not encoded is neither sent anywhere nor logged`, async (t) => {
    for (const password of PASSWORDS) {
      for (const after of AFTER) {
        const uri = `${scheme}://somebody:${password}@${after}`
        const { answer, log } = await called(uri)
        t.match(
          answer,
          { errCode: 'INVALID_SETTING', errMsg: /^MONGODB_URI: .*percent-encoded: write @ as %40/ },
          uri,
        )
        t.notMatch(JSON.stringify([answer, log]), /hunter|second|third|fourth|fifth|somebody/, uri)
      }
    }
  })
}

/** What a function that uses the store answers and logs. */
async function called(MONGODB_URI: string): Promise<{ answer: unknown; log: string[] }> {
  const operation = probe({ run: async (_input, context) => ({ store: typeof (await context.store()) }) })
  return withHost({ env: { MONGODB_URI } }, async (log) => ({
    answer: await cloudFunction(operation).main({}, { SOURCE: 'function' }),
    log,
  }))
}

t.test('a user name is held to the same', async (t) => {
  for (const user of ['some@body', 'some/body', 'some%body', 'some#body']) {
    const { answer, log } = await called(`mongodb://${user}:hunter@127.0.0.1:1/db`)
    t.match(answer, { errCode: 'INVALID_SETTING', errMsg: /percent-encoded/ })
    t.notMatch(JSON.stringify([answer, log]), /hunter|body/)
  }
})

t.test('what is encoded, and what needs none of it, is let pass and read as before', async (t) => {
  const special = '@:/?#[]%'
  const uri = `mongodb://us%40er:${encodeURIComponent(special)}@a:1,b:2/db?appName=me%40home&tlsCAFile=/etc/ca.pem`
  const { credentials, hosts, dbName } = clientAt(uri, MongoClient, { tls: false }).options
  t.match(
    [credentials?.username, credentials?.password, hosts.map(String), dbName],
    [...['us@er', special, ['a:1', 'b:2'], 'db']],
  )
  for (const fine of [
    ...[
      'mongodb://127.0.0.1',
      'mongodb://[::1]:1,127.0.0.1:2/db',
      'mongodb://%2Ftmp%2Fx.sock/db',
      'mongodb://user@h',
    ],
    ...[
      'mongodb+srv://user:p$+!*a(b)c;d=e,f&g~h@cluster.example.com/?w=majority',
      'mongodb://user:密 码@host/db',
    ],
  ]) {
    t.doesNotThrow(() => checkAddress(fine), fine)
  }
})

function complaintOf(uri: string): unknown {
  try {
    return checkAddress(uri)
  } catch (error) {
    return String(error)
  }
}

t.test('the words of a template are found, and no host', async (t) => {
  const template = 'mongodb+srv://user:<db_password>@cluster0.example.com'
  t.match(complaintOf(template), /the place for the password still holds/, template)
  for (const uri of [
    'mongodb://',
    'mongodb:///db',
    'mongodb://user:hunter@/db',
    'mongodb://user:hunter@:1/db',
  ]) {
    t.match(complaintOf(uri), /it names no host/, uri)
  }
})

t.test('what the driver complains about is told without what it quotes', async (t) => {
  const complaints: [after: string, words: RegExp][] = [
    ['db?replicaset=x&foo=hunter', /option foo is not supported/],
    ['db?readPreference=hunter', /[Rr]ead preference/],
    ['db?tls=hunter', /tls/],
    ['db?compressors=hunter', /compress/],
  ]
  for (const [after, words] of complaints) {
    const { answer, log } = await called(`mongodb://somebody:second@127.0.0.1:1/${after}`)
    t.match(answer, { errCode: 'INVALID_SETTING', errMsg: words }, after)
    t.notMatch(JSON.stringify([answer, log]), /hunter|second|somebody/, after)
  }
})

t.test('a name that no name server knows is a database that does not answer', async (t) => {
  for (const uri of [
    'mongodb+srv://user:hunter2@nowhere.invalid/db',
    'mongodb://user:hunter2@nowhere.invalid/db',
  ]) {
    const { answer, log } = await called(uri)
    t.match(answer, { errCode: 'STORE_UNAVAILABLE', advice: 'retry' }, uri)
    t.match(log.join(), /nowhere\.invalid/, 'the log names it')
    t.notMatch(log.join(), /hunter2/)
  }
})

t.test('whatever a library says, a password of an address is masked, encoded or not', async (t) => {
  const uri = 'mongodb://user:hunter%40second@127.0.0.1:1/db'
  const operation = probe({
    run: async () => {
      throw new Error('cannot log in with hunter@second, that is hunter%40second, at hunter or second')
    },
  })
  await withHost({ env: { MONGODB_URI: uri } }, async (log) => {
    await cloudFunction(operation).main({}, { SOURCE: 'function' })
    t.match(log[0], /cannot log in/)
    t.notMatch(log[0], /hunter|second/)
  })
})

t.test('what is thrown keeps no copy of the address', async (t) => {
  for (const uri of ['mongodb://user:hunter@second@host', 'mongodb://user:hunter@host/?foo=bar']) {
    try {
      clientAt(uri, MongoClient, {})
      t.fail('refused')
    } catch (error) {
      t.ok(error instanceof OpenapiError)
      t.equal((error as Error).cause, undefined)
    }
  }
})
