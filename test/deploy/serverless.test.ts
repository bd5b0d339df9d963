import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { builtFunctions, type Clone, clone } from './cli.js'
import { standIn } from './cloud/index.js'
import { accessTo, changesTo, functionIn, stateOf } from './testProject.js'

/** `npx serverless` as people type it, from the first deployment to the removal, in both versions. */

t.setTimeout(120_000)

const SECRET = '0123456789abcdef0123456789abcdef'
const SETTINGS_KEY = Buffer.alloc(32, 5).toString('base64')
/** Too long for variables, so that it travels sealed. */
const MERCHANTS = JSON.stringify([{ mchId: '1900000109', key: 'k'.repeat(32), apps: [] }]).replace(
  '[]',
  `[${Array.from({ length: 90 }, () => '{"appId":"wx0123456789abcdef","kind":"mp"}').join(',')}]`,
)

/** Nobody listens there. */
const MONGODB_URI = 'mongodb://user:database-password@127.0.0.1:9/orders?serverSelectionTimeoutMS=200'
const ORDER = '{"outTradeNo":"T20500101","totalFee":1999,"body":"tea"}'

const CHOSEN = ['tokenRefresh', 'createOrder', 'getOrderInfo', 'verifyPaymentNotify']

/** A clone with a few of the functions that were really built. */
function projectOfFour(t: Test, fc: 2 | 3, options: object = {}): Clone {
  const made = clone(t, options)
  const list = JSON.parse(readFileSync(join(builtFunctions, 'functions.json'), 'utf8')) as { name: string }[]
  mkdirSync(join(made.folder, 'dist'))
  made.write('dist/functions.json', JSON.stringify(list.filter(({ name }) => CHOSEN.includes(name))))
  for (const name of CHOSEN) {
    const path = join('functions', name)
    cpSync(join(builtFunctions, path), join(made.folder, 'dist', path), { recursive: true })
  }
  // What is not told otherwise goes to 3.0.
  if (fc === 2)
    made.write('serverless.yml', made.read('serverless.yml').replace('  region:', '  fc: 2\n  region:'))
  made.write('.env', `WEIXIN_APP_ID=wx0123456789abcdef\nWEIXIN_APP_SECRET=${SECRET}\nCLIENT_HTTP=on\n`)
  made.write(
    '.env.prod',
    `WEIXIN_MERCHANTS='${MERCHANTS}'\nSETTINGS_KEY=${SETTINGS_KEY}\nMONGODB_URI=${MONGODB_URI}\n`,
  )
  return made
}

t.test('Function Compute 2.0: deploy, call, change one, remove', async (t) => {
  const cloud = await standIn(t)
  const project = projectOfFour(t, 2)
  const prod = (...args: string[]) => project.sls(...args, '--stage', 'prod')
  project.env = accessTo(cloud)
  const first = await prod('deploy')
  t.equal(first.code, 0, first.err + first.out)
  t.match(first.err, /Settings: 3 from \.env, 3 from \.env\.prod/)
  t.match(first.out, /verifyPaymentNotify: 256 MB, 5 s, nodejs20\n +GET, POST \(anonymous\) https:/)
  t.match(functionIn(cloud, 'tokenRefresh').triggers.get('timer'), { triggerType: 'timer' })

  cloud.changes()
  t.match((await prod('deploy')).err, /Nothing to do/)
  t.strictSame(changesTo(cloud), [])

  // The function opens what was sealed: it goes to the database, of which it could not know otherwise.
  const called = await prod('invoke', '-f', 'createOrder', '-d', ORDER)
  t.equal(called.code, 0, called.err + called.out)
  t.match(called.out, /STORE_UNAVAILABLE/)

  const bundle = 'dist/functions/getOrderInfo/index.js'
  project.write(bundle, `${project.read(bundle)}\n`)
  const changed = await prod('deploy', 'function', '-f', 'getOrderInfo')
  t.equal(changed.code, 0, changed.err + changed.out)
  t.strictSame(changesTo(cloud).sort(), ['PUT getOrderInfo code', 'PUT getOrderInfoHttp code'])

  const removed = await prod('remove')
  t.equal(removed.code, 0, removed.err + removed.out)
  t.strictSame(stateOf(cloud), { services: {}, functions: {}, domains: {} })
  nothingSecretIn(t, project)
})

t.test('Function Compute 3.0: killed in the middle, begun again, and all is there', async (t) => {
  const cloud = await standIn(t)
  const dying = projectOfFour(t, 3, { killAt: /2\/\d+ created/ })
  dying.env = accessTo(cloud)
  t.not((await dying.sls('deploy')).code, 0)
  t.ok(cloud.fc3.functions.size > 0)
  const project = projectOfFour(t, 3)
  project.env = accessTo(cloud)
  const second = await project.sls('deploy')
  t.equal(second.code, 0, second.err + second.out)
  const triggers = [...cloud.fc3.functions].map(([name, each]) => `${name} ${[...each.triggers.keys()]}`)
  t.strictSame(triggers.sort(), [
    'openapi-dev-createOrder ',
    'openapi-dev-getOrderInfo ',
    'openapi-dev-getOrderInfoHttp http',
    'openapi-dev-tokenRefresh timer',
    'openapi-dev-verifyPaymentNotify http',
  ])
  t.match(
    (await project.sls('info')).out,
    /functions: 5[\s\S]*https:\/\/openapi-stand-in\.cn-hangzhou\.fcapp\.run/,
  )
  const removed = await project.sls('remove')
  t.equal(removed.code, 0, removed.err + removed.out)
  t.equal(cloud.fc3.functions.size, 0)
  nothingSecretIn(t, project)
})

function nothingSecretIn(t: Test, { folder, heard, read, env }: Clone): void {
  const zips = readdirSync(join(folder, '.serverless')).filter((name) => name.endsWith('.zip'))
  t.equal(zips.length, CHOSEN.length)
  const shown = [...heard, ...zips.map((name) => read(join('.serverless', name)))]
  for (const secret of [
    SECRET,
    'database-password',
    SETTINGS_KEY,
    'k'.repeat(32),
    env.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '',
  ]) {
    t.notOk(
      shown.some((text) => text.includes(secret)),
      'nothing secret is shown or packed',
    )
  }
}
