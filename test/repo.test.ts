import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import t from 'tap'
import { capabilities } from '../tools/catalog/capabilities.js'
import { GENERATED } from '../tools/generate/sources.js'
import { circlesIn, filesUnder, importsAmong, mutualFolders, reachableFrom } from './support/imports.js'
import { teachNodeTypeScript } from './support/sources.js'

teachNodeTypeScript()

/** The house's own rules, held against the sources. */

const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..')

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const code = (file: string): string => read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

const sources = filesUnder(['shared', 'functions'], /\.ts$/)
const house = filesUnder(['shared', 'functions', 'tools'], /\.ts$/)
const imports = importsAmong(house)
const offenders = (files: string[], rule: (text: string, file: string) => boolean) =>
  files.filter((file) => rule(code(file), file))

/** Lowest first. A file may import its own layer's folder and everything below, never above. */
const layers = [
  ['errors', 'clock.ts', 'json.ts', 'money.ts', 'crypto', 'xml'],
  ['config', 'http', 'store'],
  ['operation', 'session.ts'],
  ['token', 'certificates', 'events', 'diagnosis'],
  ['weixin', 'alipay', 'message', 'payment'],
  ['platform'],
  ['generated'],
  ['runtime', 'library', 'openapi', 'client'],
  ['server'],
]

const layerOf = (file: string): number => {
  const folder = (file.split(sep)[1] ?? '').replace(/\.js$/, '.ts')
  return layers.findIndex((layer) => layer.includes(folder))
}

t.test('imports run one way, types included', async (t) => {
  const wrong = sources
    .filter((file) => file.startsWith('shared'))
    .flatMap((file) =>
      [...(imports.get(file) ?? [])]
        .filter((target) => !target.startsWith('shared') || layerOf(target) > layerOf(file))
        .map((target) => `${file} imports ${target}`),
    )
  t.strictSame(wrong, [])
})

t.test(
  'no file needs itself by a detour, and no two folders import each other, types included',
  async (t) => {
    t.strictSame(circlesIn(imports), [])
    t.strictSame(mutualFolders(imports), [])
  },
)

t.test('every layer is there, and every folder of shared/ is in a layer', async (t) => {
  t.strictSame(layers.flat().sort(), readdirSync(join(root, 'shared')).sort())
})

/** By the host that opens it: the local cloud. Bundles are given it and have none of it. */
const OF_THE_HOST = join('shared', 'store', 'embedded')

t.test('everything in shared/ ships in some bundle', async (t) => {
  const entries = ['library', 'client', 'server'].map((room) => join('shared', room, 'index.ts'))
  const functions = sources.filter((file) => file.startsWith('functions'))
  const shipped = reachableFrom([...functions, ...entries], imports)
  t.strictSame(
    sources.filter((file) => !shipped.has(file) && !file.startsWith(OF_THE_HOST)),
    [],
  )
})

t.test('files are neither crumbs nor lumps, and folders can be taken in at a glance', async (t) => {
  const written = house.filter((file) => !file.startsWith('functions') && !file.startsWith(GENERATED))
  const lines = (file: string): number => read(file).split('\n').length - 1
  t.strictSame(
    written.filter((file) => lines(file) < 20 && basename(file) !== 'index.ts'),
    [],
    'at least 20 lines, unless it is the index of a folder',
  )
  t.strictSame(
    written.filter((file) => lines(file) > 250),
    [],
    'at most 250 lines',
  )
  const folders = [...new Set(written.map((file) => dirname(file)))]
  const filesIn = (folder: string): number => written.filter((file) => dirname(file) === folder).length
  t.strictSame(
    folders.filter((folder) => filesIn(folder) > 12 && basename(folder) !== 'apis'),
    [],
    'at most 12 files at the root of a folder; apis/ has one for each namespace',
  )
})

t.test('an error is raised by its row in the table, never made by hand', async (t) => {
  const all = [...house, ...filesUnder(['test'], /\.ts$/)].filter(
    (file) => file !== join('test', 'repo.test.ts') && file !== join('shared', 'errors', 'error.ts'),
  )
  t.strictSame(
    offenders(all, (text) => /\bnew OpenapiError\b/.test(text)),
    [],
  )
})

t.test('what the build writes is not in git', async (t) => {
  t.strictSame(filesUnder(['docs', 'shared'], /\.json$/), [])
})

t.test('only shared/config reads the environment', async (t) => {
  t.strictSame(
    offenders(sources, (text, file) => /process\.env/.test(text) && !file.includes(join('shared', 'config'))),
    [],
  )
})

t.test('time and randomness come from shared/clock alone', async (t) => {
  const own = /\bDate\.now\(|new Date\(\)|Math\.random\(|\brandomBytes\b|\brandomUUID\b/
  t.strictSame(
    offenders(sources, (text, file) => own.test(text) && file !== join('shared', 'clock.ts')),
    [],
  )
})

t.test('no type is given up', async (t) => {
  const all = [...house, ...filesUnder(['test'], /\.ts$/)].filter(
    (file) => file !== join('test', 'repo.test.ts'),
  )
  t.strictSame(
    offenders(all, (text) => /: any\b|\bas any\b|<any>/.test(text)),
    [],
  )
  t.strictSame(
    all.filter((file) => /@ts-(ignore|nocheck|expect-error)/.test(read(file))),
    [],
  )
})

t.test('every function is a folder that only declares', async (t) => {
  for (const entry of readdirSync(join(root, 'functions'), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const folder = join('functions', entry.name)
    t.strictSame(readdirSync(join(root, folder)).sort(), ['example.json', 'index.ts'], entry.name)
    t.ok(read(join(folder, 'index.ts')).split('\n').length <= 25, `${entry.name} is a few lines`)
    t.match(code(join(folder, 'index.ts')), /export const \{ main, handler, config \} = \w+Function\(/)
  }
})

t.test('every function has the door that its reach asks for', async (t) => {
  const makers = {
    client: ['cloud'],
    optIn: ['cloud'],
    server: ['server', 'timer'],
    callback: ['callback'],
  }
  for (const { folder, operation } of await capabilities(root)) {
    const [, maker = ''] = /= (\w+)Function\(/.exec(code(join('functions', folder, 'index.ts'))) ?? []
    t.ok(makers[operation.reach].includes(maker), `${folder}: ${operation.reach} behind ${maker}Function`)
  }
})

t.test('whom a client acts for is the one who logged in, whatever it wrote', async (t) => {
  for (const { folder, operation } of await capabilities(root)) {
    const { reach, input, ownOpenid, name } = operation
    // This one reads the openid of servers alone.
    if (reach === 'server' || reach === 'callback' || name === 'payment.getOrderInfo') continue
    const fields = 'entries' in input ? Object.keys(input.entries as object) : []
    for (const field of fields.filter((each) => /openid|touser|userid/i.test(each))) {
      t.equal(field, ownOpenid, folder)
    }
  }
})

t.test('nothing reads outside the clone, and nothing names a machine', async (t) => {
  const written = [
    ...sources,
    ...filesUnder(['tools'], /\.(ts|mjs)$/),
    ...filesUnder(['test'], /\.(ts|json)$/),
    ...filesUnder(['docs'], /\.md$/),
    'README.md',
    'CONTRIBUTING.md',
    'README.zh-CN.md',
    'package.json',
  ].filter((file) => file !== join('test', 'repo.test.ts'))
  t.strictSame(
    written.filter((file) =>
      /(?:["'`\s(])\/(?:work|root|home)\/[A-Za-z]|\.\.\/shared\/(spec|vectors|reference)/.test(read(file)),
    ),
    [],
  )
  t.strictSame(
    written.filter((file) => relative('.', file).startsWith('..')),
    [],
  )
})
