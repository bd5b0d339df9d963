import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { zipFiles } from '../../shared/payment/zip.js'
import { builtFunctions, clone } from './cli.js'

/** `serverless package` and `serverless print` with the network cut off and without any credential. */

t.setTimeout(120_000)

interface Listed {
  name: string
}

const listed = (): Listed[] =>
  JSON.parse(readFileSync(join(builtFunctions, 'functions.json'), 'utf8')) as Listed[]

t.test('package packs every built function whole', async (t) => {
  const { folder, sls } = clone(t, { offline: true })
  symlinkSync(builtFunctions, join(folder, 'dist'))
  const { code, err } = await sls('package')
  t.equal(code, 0, err)
  const names = listed().map(({ name }) => `${name}.zip`)
  t.strictSame(readdirSync(join(folder, '.serverless')).sort(), names.sort(), 'and nothing besides')
  t.match(err, new RegExp(`Packed ${names.length} functions`))
  for (const name of ['verifyPaymentNotify', 'tokenRefresh']) {
    const zip = await zipFiles(readFileSync(join(folder, '.serverless', `${name}.zip`)))
    const source = join(builtFunctions, 'functions', name)
    const files = readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(source, join(entry.parentPath, entry.name)))
    t.strictSame(zip.map((file) => file.name.toString()).sort(), files.sort())
    for (const file of zip) t.ok(readFileSync(join(source, file.name.toString())).equals(file.content))
  }
})

t.test('print shows timers and callbacks, and none of what .env holds', async (t) => {
  const { folder, sls, write } = clone(t, { offline: true })
  cpSync(join(builtFunctions, 'functions.json'), join(folder, 'dist', 'functions.json'))
  write('.env', 'WEIXIN_APP_SECRET=0123456789abcdef0123456789abcdef\n')
  const { code, out, err } = await sls('print', '--format', 'json', '--stage', 'prod')
  t.equal(code, 0, err)
  t.notMatch(out, '0123456789abcdef')
  t.match(JSON.parse(out), {
    provider: { name: 'aliyun-fc', stage: 'prod' },
    functions: {
      tokenRefresh: { group: 'core', events: [{ timer: { every: '5m' } }] },
      verifyPaymentNotify: { reach: 'callback', events: [{ http: { methods: ['GET', 'POST'] } }] },
    },
  })
})

t.test('without a build it says what to do', async (t) => {
  const { sls } = clone(t, { offline: true })
  const { code, out, err } = await sls('print')
  t.equal(code, 1)
  t.match(out + err, /dist\/functions\.json is missing or cannot be read: run npm run build first/)
})

t.test('every wrong key is an error, at its place', async (t) => {
  const { folder, sls, read, write } = clone(t, { offline: true })
  symlinkSync(builtFunctions, join(folder, 'dist'))
  const wrong = `
  - tokenRefresh:
      timeout: soon
      memory: 256
      events:
        - timer: { every: 5 minutes }
        - cron: rate(5 minutes)
    verifyPaymentNotify:
      environment: { FC_OWN: '1' }
      settings: [WEIXIN_APPID]
`
  write(
    'serverless.yml',
    read('serverless.yml').replace('  region: cn-hangzhou', '  region: China\n  timeout: 20') + wrong,
  )
  const { code, out, err } = await sls('package')
  t.equal(code, 1)
  const places = [
    /provider\.region/,
    /provider.*unrecognized property 'timeout'/,
    /functions\.tokenRefresh\.timeout/,
    /functions\.tokenRefresh.*unrecognized property 'memory'/,
    /functions\.tokenRefresh\.events\.0\.timer\.every/,
    /functions\.tokenRefresh\.events\.1.*unsupported function event/,
    /functions\.verifyPaymentNotify\.environment.*'FC_OWN'/,
    /functions\.verifyPaymentNotify\.settings\.0.*WEIXIN_APP_ID/,
  ]
  for (const place of places) t.match(out + err, place)
})

t.test('an option that would be ignored is refused', async (t) => {
  const { folder, sls } = clone(t, { offline: true })
  symlinkSync(builtFunctions, join(folder, 'dist'))
  const { code, out } = await sls('deploy', '--conceal')
  t.equal(code, 1)
  t.match(out, /serverless deploy knows no --conceal.*It takes: --group, --dry-run, --prune, --force/)
})
