import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Collection } from '../../shared/store/collections.js'
import { collections, indexesOf } from '../../shared/store/index.js'
import { buildUniCloud, spaceOf } from '../../tools/build/unicloud/index.js'
import { EDITIONS, editions } from '../../tools/clouds/index.js'
import { readFunctions } from './dist.js'
import { DIST } from './space.js'

/** What lies in `dist/uniCloud/`, and that nothing of it is written by hand. */

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))

const SPACE = spaceOf('aliyun')

/** Little to copy, for what does not depend on the selection. */
const FEW = ['openapi']

/** Lays out what `args` select, into a folder of the test's. */
async function laidOut(t: Test, args?: string[]): Promise<{ out: string; names: string[] }> {
  const out = join(t.testdir(), 'uniCloud')
  return { out, names: (await buildUniCloud(DIST, { out, args })).functions }
}

t.test('every function says how uniCloud is to run it', async (t) => {
  const { out, names } = await laidOut(t)
  for (const config of readFunctions().filter(({ name }) => names.includes(name))) {
    const folder = join(out, 'cloudfunctions', config.name)
    const manifest = json(folder, 'package.json')
    const about = manifest['cloudfunction-config']
    t.match(manifest, { name: config.name, main: 'index.js', type: 'commonjs' }, config.name)
    t.strictSame(manifest.dependencies, { 'uni-config-center': 'file:../common/uni-config-center' })
    t.equal(about.runtime, 'Nodejs18')
    t.ok(about.memorySize >= config.memory && SPACE.memorySizes.includes(about.memorySize))
    t.equal(
      about.path,
      config.reach === 'callback' ? config.path : undefined,
      'only callbacks have an address',
    )
    const longest = config.every === undefined ? SPACE.timeout : SPACE.timerTimeout
    t.ok(about.timeout > Math.min(config.timeout, longest - 1) && about.timeout <= longest)
    t.equal(about.triggers?.length, config.every === undefined ? undefined : 1)
    if (config.every !== undefined) {
      t.match(about.triggers[0], { name: config.name, type: 'timer', config: /^0( [\d*/,]+){5} \*$/ })
    }
    t.strictSame(
      readdirSync(folder),
      [...readdirSync(join(DIST, 'functions', config.name))],
      'and nothing else',
    )
  }
})

t.test(
  'the recommended ones are those that openapi cannot stand in for, and the first that users meet',
  async (t) => {
    const { names } = await laidOut(t, [])
    const functions = readFunctions()
    const others = functions.filter(({ name }) => !names.includes(name))
    for (const { name, group, reach, every } of others) {
      t.match(
        { group, reach, every },
        { group: /^(weixin|alipay|core)$/, reach: /^(client|optIn|server)$/ },
        name,
      )
      t.equal(every, undefined, name)
    }
    for (const name of [
      'openapi',
      'authCode2Session',
      'tokenRefresh',
      'messageNotify',
      'verifyPaymentNotify',
    ]) {
      t.ok(names.includes(name), name)
    }
    t.ok(names.length <= SPACE.functions / 2, `${names.length} leave room for the user's own`)
  },
)

t.test('groups and functions are named on the command line, and the choice is kept', async (t) => {
  const out = join(t.testdir(), 'uniCloud')
  const payment = readFunctions().filter(({ group }) => group === 'payment')
  const expected = [...payment.map(({ name }) => name), 'openapi', 'wxacodeGet'].sort()
  const laid = await buildUniCloud(DIST, { out, args: ['wxacodeGet', 'payment', 'openapi'] })
  t.strictSame(laid, { edition: 'aliyun', functions: expected, leftOut: [] })
  t.strictSame(await buildUniCloud(DIST, { out }), laid, 'by a build that says nothing')
  t.strictSame(readdirSync(join(out, 'cloudfunctions')).sort(), [...expected, 'common'].sort())
  t.strictSame((await buildUniCloud(DIST, { out, args: FEW })).functions, FEW, 'until another is made')
})

t.test('what a space does not take is refused, and the former output stays', async (t) => {
  const { out, names } = await laidOut(t, FEW)
  const asked = (...args: string[]) => buildUniCloud(DIST, { out, args })
  await t.rejects(asked('payments'), {
    name: 'Refusal',
    message: /payments: no such function or group.*payment/,
  })
  await t.rejects(asked('--all'), { name: 'Refusal', message: /--all: no such option/ })
  t.strictSame((await buildUniCloud(DIST, { out })).functions, names)
  const small = t.testdir({ dist: { functions: { huge: {} }, commonModule: { 'package.json': '{}' } } })
  const [config] = readFunctions()
  const dist = join(small, 'dist')
  writeFileSync(join(dist, 'functions.json'), JSON.stringify([{ ...config, name: 'huge' }]))
  writeFileSync(join(dist, 'functions', 'huge', 'package.json'), '{}')
  writeFileSync(join(dist, 'functions', 'huge', 'index.js'), Buffer.alloc(SPACE.functionBytes))
  await t.rejects(buildUniCloud(dist, { args: ['huge'] }), {
    name: 'Refusal',
    message: /^huge has 1048\d+ bytes/,
  })
})

t.test('one function more than a space takes is refused, with the count and what to leave out', async (t) => {
  const [config] = readFunctions().filter(({ name }) => name === 'wxacodeGet')
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...config, name: `made${at}`, group: 'weixin' }))
  for (const edition of EDITIONS) {
    const { value, source, date } = editions[edition].functions
    const folders = Object.fromEntries(many(value).map(({ name }) => [name, { 'package.json': '{}' }]))
    const dist = t.testdir({ functions: folders, commonModule: { 'package.json': '{}' } })
    const build = async (count: number) => {
      writeFileSync(join(dist, 'functions.json'), JSON.stringify(many(count)))
      return buildUniCloud(dist, { args: [edition, 'weixin'] })
    }
    t.equal((await build(value)).functions.length, value, `${edition} takes ${value}`)
    await t.rejects(build(value + 1), {
      name: 'Refusal',
      message: `${value + 1} functions are selected for uniCloud, and a space of this edition, ${edition}, takes ${value} (${source}; ${date}), your own included: 1 too many. Leave out what openapi stands in for, such as made0, made1, made2; npm run build -- --unicloud ${edition} recommended leaves out all of it.`,
    })
  }
})

t.test('each edition gets a space within its own limits', async (t) => {
  const functions = readFunctions()
  for (const edition of EDITIONS) {
    const { out, names } = await laidOut(t, [edition])
    const space = spaceOf(edition)
    const contracts = editions[edition]
    t.ok(names.length > 20 && names.length <= space.functions, edition)
    for (const config of functions.filter(({ name }) => names.includes(name))) {
      const about = json(out, 'cloudfunctions', config.name, 'package.json')['cloudfunction-config']
      t.ok(contracts.runtimes.value.includes(about.runtime), about.runtime)
      t.ok(about.timeout <= (config.every === undefined ? space.timeout : space.timerTimeout))
      t.equal(about.keepRunningAfterReturn, edition === 'tencent' ? false : undefined)
      const fields = about.triggers?.[0].config.split(' ').length
      t.ok(fields === undefined || fields === contracts.cronFields.value)
    }
    const indexes = json(out, 'database', 'openapi-orders.index.json') as UploadedIndex[]
    t.ok(indexes.length < (contracts.indexesPerCollection?.value ?? 100), 'and one for _id')
    const schemas = indexes.map(({ MgoKeySchema }) => MgoKeySchema)
    t.equal(
      schemas.some(({ MgoIsSparse }) => MgoIsSparse),
      contracts.sparseIndexes.value,
    )
    t.match(schemas[0], { MgoIndexKeys: [{ Name: 'transactionKey' }], MgoIsUnique: true })
    const due = schemas.find(({ MgoIndexKeys: [key] }) => key?.Name === 'nextEventAt')?.MgoIndexKeys
    const type = edition === 'alipay' ? { Type: 'long' } : {}
    t.strictSame(due, [{ Name: 'nextEventAt', Direction: '1', ...type }])
  }
  const { out } = await laidOut(t, ['alipay'])
  t.strictSame((await buildUniCloud(DIST, { out })).edition, 'alipay', 'it is kept for later builds')
  const group = functions.filter(({ group }) => group === 'alipay').map(({ name }) => name)
  const { edition, functions: laid } = await buildUniCloud(DIST, { out, args: ['aliyun', 'alipay'] })
  t.strictSame({ edition, laid }, { edition: 'aliyun', laid: group }, 'second it is the group')
})

interface UploadedIndex {
  MgoKeySchema: { MgoIsUnique: boolean; MgoIsSparse: boolean; MgoIndexKeys: { Name: string }[] }
}

t.test('names that Alibaba does not take are left out of groups, and refused by themselves', async (t) => {
  const out = join(t.testdir(), 'uniCloud')
  const { functions, leftOut } = await buildUniCloud(DIST, { out, args: ['weixin'] })
  const weixin = readFunctions().filter(({ group }) => group === 'weixin')
  t.strictSame([...functions, ...leftOut].sort(), weixin.map(({ name }) => name).sort())
  t.ok(functions.every((name) => name.length <= 30))
  t.ok(leftOut.includes('customerServiceMessageUploadTempMedia'))
  const args = ['customerServiceMessageUploadTempMedia']
  await t.rejects(buildUniCloud(DIST, { out, args }), {
    name: 'Refusal',
    message: /37 characters.*30: call it through openapi, \{ api: 'customerServiceMessage.uploadTempMedia'/,
  })
})

t.test('projects of HBuilderX keep uni-config-center among their uni_modules', async (t) => {
  const { out } = await laidOut(t, ['openapi', '--uni-modules'])
  const place = 'uni_modules/uni-config-center/uniCloud/cloudfunctions/common/uni-config-center'
  const project = 'file:../../../'
  const dependencies = (folder: string) => json(out, 'cloudfunctions', folder, 'package.json').dependencies
  t.strictSame(dependencies('openapi'), { 'uni-config-center': `${project}${place}` })
  t.strictSame(dependencies('common/unicloud-openapi'), { 'uni-config-center': `${project}../${place}` })
})

t.test('settings that somebody filled in are not written over', async (t) => {
  const { out } = await laidOut(t, FEW)
  const file = join(out, 'cloudfunctions', 'common', 'uni-config-center', 'unicloud-openapi', 'config.json')
  const example = json(file)
  t.ok(
    Object.values(example).every((value) => /^<.+>$/.test(String(value))),
    'nothing can pass for a real value',
  )
  const filled = { ...example, WEIXIN_APP_ID: 'wx0000000000000001' }
  writeFileSync(file, JSON.stringify(filled))
  await buildUniCloud(DIST, { out })
  t.strictSame(json(file), filled)
  writeFileSync(file, JSON.stringify({ WEIXIN_APP_ID: '<an example of a former version>' }))
  await buildUniCloud(DIST, { out })
  t.strictSame(json(file), example)
})

t.test('the database is that of shared/store, and shut to clients', async (t) => {
  const { out } = await laidOut(t, FEW)
  const all = Object.values(collections)
  const expected = all.flatMap((collection) => [
    `${collection.name}.schema.json`,
    ...(indexesOf(collection).length > 0 ? [`${collection.name}.index.json`] : []),
  ])
  t.strictSame(readdirSync(join(out, 'database')).sort(), expected.sort())
  for (const collection of all) {
    const schema = json(out, 'database', `${collection.name}.schema.json`)
    const shut = { read: false, create: false, update: false, delete: false, count: false }
    t.strictSame(schema.permission, shut, collection.name)
    t.equal(schema.bsonType, 'object')
  }
  const { indexes } = collections.orders as Collection
  t.strictSame(
    json(out, 'database', 'openapi-orders.index.json'),
    indexes.map(({ fields, unique = false, sparse = false }) =>
      index(fields.join('_'), fields, unique, sparse),
    ),
  )
  const certificates = json(out, 'database', 'openapi-certificates.index.json')
  t.strictSame(certificates, [index('provider_merchantId', ['provider', 'merchantId'], false, false)])
  t.match(json(out, 'database', 'openapi-sessions.index.json'), [{ IndexName: 'expiresAt' }])
})

const index = (IndexName: string, fields: readonly string[], MgoIsUnique: boolean, MgoIsSparse: boolean) => ({
  IndexName,
  MgoKeySchema: {
    MgoIndexKeys: fields.map((Name) => ({ Name, Direction: '1' })),
    ...{ MgoIsUnique, MgoIsSparse },
  },
})
