import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import t from 'tap'
import { capabilities } from '../tools/catalog/capabilities.js'
import { teachNodeTypeScript } from './support/sources.js'

teachNodeTypeScript()

/** The house's own rules, held against the sources. */

const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..')

function filesUnder(folder: string, ending: RegExp): string[] {
  const here = join(root, folder)
  if (!existsSync(here)) return []
  return readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => ending.test(file))
    .map((file) => join(folder, file))
    .sort()
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const code = (file: string): string => read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

const sources = [...filesUnder('shared', /\.ts$/), ...filesUnder('functions', /\.ts$/)]
const offenders = (files: string[], rule: (text: string, file: string) => boolean) =>
  files.filter((file) => rule(code(file), file))

/** Lowest first. A file may import its own layer's folder and everything below, never above. */
const layers = [
  ['errors', 'clock.ts', 'money.ts', 'crypto', 'xml'],
  ['config', 'http', 'store'],
  ['operation', 'session.ts'],
  ['token', 'certificates', 'events', 'diagnosis'],
  ['weixin', 'alipay', 'message', 'payment'],
  ['platform'],
  ['generated'],
  ['runtime', 'library', 'openapi', 'client'],
]

const layerOf = (file: string): number => {
  const folder = (file.split(sep)[1] ?? '').replace(/\.js$/, '.ts')
  return layers.findIndex((layer) => layer.includes(folder))
}

const importsOf = (text: string, file: string): string[] =>
  [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path]) =>
    normalize(join(dirname(file), path ?? '')),
  )

t.test('imports run one way, types included', async (t) => {
  const wrong = filesUnder('shared', /\.ts$/).flatMap((file) =>
    importsOf(code(file), file)
      .filter((target) => !target.startsWith('shared') || layerOf(target) > layerOf(file))
      .map((target) => `${file} imports ${target}`),
  )
  t.strictSame(wrong, [])
})

t.test('no file needs itself by a detour', async (t) => {
  const needed = (file: string): string[] => {
    const withoutTypes = code(file).replace(/^(?:import|export) type [^']*'[^']*'/gm, '')
    return importsOf(withoutTypes, file).map((target) => target.replace(/\.js$/, '.ts'))
  }
  const settled = new Set<string>()
  const circles: string[] = []
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way, file].join(' -> '))
    if (way.includes(file) || settled.has(file)) return
    for (const next of needed(file)) follow(next, [...way, file])
    settled.add(file)
  }
  for (const file of sources) follow(file, [])
  t.strictSame(circles, [])
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
  const all = [...sources, ...filesUnder('tools', /\.ts$/), ...filesUnder('test', /\.ts$/)].filter(
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
    ...filesUnder('tools', /\.(ts|mjs)$/),
    ...filesUnder('test', /\.(ts|json)$/),
    ...filesUnder('docs', /\.md$/),
    'README.md',
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
