import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { bare, eachNode } from '../support/nodes.js'
import type { Ran } from './aloneHost.js'
import { readFunctions } from './dist.js'
import { buildHost } from './host.js'
import { DIST } from './space.js'

/** Every built function is a folder that needs nothing beside itself, and holds nothing that it should not. */

/** All that the functions see of this machine's environment. */
const { PATH } = process.env

const names = readFunctions().map(({ name }) => name)
const folders = [...names.map((name) => join('functions', name)), 'commonModule']

/** uniCloud would take 10 MB. */
const MOST_BYTES = 1_500_000

const scripts = async (folder: string): Promise<{ file: string; text: string }[]> => {
  const files = (await readdir(join(DIST, folder), { recursive: true })).filter((file) =>
    file.endsWith('.js'),
  )
  return Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(DIST, folder, file), 'utf8') })),
  )
}

t.test('each runs copied elsewhere, with no file outside of it', async (t) => {
  const elsewhere = await copied(t)
  const host = join(elsewhere, '..', 'host.cjs')
  await buildHost('aloneHost', host)
  await eachNode(t, async (t, node) => {
    const { stdout } = await promisify(execFile)(...bare(node, host, elsewhere), {
      env: { PATH },
      maxBuffer: 1e8,
    })
    const ran = JSON.parse(stdout) as Ran[]
    t.strictSame(ran.map(({ name }) => name).sort(), [...names].sort())
    for (const { name, answer, exports, foreign, error } of ran) {
      t.equal(error, undefined, name)
      t.match(exports, ['config', 'handler', 'main'], name)
      t.match(
        answer,
        { mpserverlessComposedResponse: true, statusCode: Number, headers: {}, body: String },
        name,
      )
      t.strictSame(foreign, [], name)
    }
  })
})

/** Outside of the clone, whose packages a forgotten one could be found among. */
async function copied(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'functions-alone-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await cp(join(DIST, 'functions'), join(folder, 'functions'), { recursive: true })
  return join(folder, 'functions')
}

/** There on uniCloud; and what the MongoDB driver asks for and does without. */
const ABSENT =
  /^(uni-config-center|mongodb-client-encryption|kerberos|@mongodb-js\/zstd|snappy|socks|aws4|gcp-metadata|@aws-sdk\/credential-providers)$/

t.test('whatever is required is Node’s own or lies in the folder', async (t) => {
  for (const folder of folders) {
    const all = await scripts(folder)
    const there = new Set(all.map(({ file }) => file))
    const missing = all.flatMap(({ file, text }) =>
      [...text.matchAll(/(?<![.\w$])require\("([^"]+)"\)/g)].flatMap(([, name = '']) => {
        const isOwn = name.startsWith('.') && there.has(normalize(join(file, '..', name)))
        return isOwn || isBuiltin(name) || ABSENT.test(name) ? [] : [`${file} requires ${name}`]
      }),
    )
    t.strictSame(missing, [], folder)
  }
})

t.test('the largest is below 1.5 MB: index.js, its parts and its packages together', async (t) => {
  const sizes = await Promise.all(
    folders.map(async (folder) => ({
      folder,
      bytes: (await scripts(folder)).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    })),
  )
  const [largest] = sizes.sort((one, other) => other.bytes - one.bytes)
  t.comment(`${largest?.folder}: ${largest?.bytes} bytes`)
  t.ok(largest && largest.bytes < MOST_BYTES, `${largest?.folder}: ${largest?.bytes} bytes`)
})

interface Lock {
  packages: Record<string, { version: string; dev?: boolean }>
}

t.test('each brings the licences of what it holds, and holds no development dependency', async (t) => {
  const lock = JSON.parse(await readFile(join(DIST, '..', 'package-lock.json'), 'utf8')) as Lock
  const shipped = shippedBy(lock)
  for (const folder of folders) {
    const files = await readdir(join(DIST, folder), { recursive: true })
    const vendored = files.filter((file) => /^vendor.[\w-]+\.js$/.test(file))
    const licences = files.filter((file) => file.endsWith('licences.txt'))
    t.strictSame(
      licences.sort(),
      ['licences.txt', ...vendored.map((file) => file.replace(/\.js$/, '.licences.txt'))].sort(),
      folder,
    )
    const texts = await Promise.all(licences.map((file) => readFile(join(DIST, folder, file), 'utf8')))
    const held = texts.flatMap(packagesIn)
    t.ok(
      held.some((each) => each.startsWith('valibot ')),
      `${folder} names what it holds`,
    )
    t.strictSame(
      held.filter((each) => !shipped.has(each)),
      [],
      `${folder} holds development dependencies`,
    )
  }
})

/** Each licence follows a line with the package's name and version. */
const packagesIn = (text: string): string[] =>
  [...text.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+ \d+\.\d+\.\d+\S*)$/gm)].map(([line]) => line)

/** What `npm ci --omit=dev` installs, by name and version. */
function shippedBy({ packages }: Lock): Set<string> {
  const places = Object.entries(packages).filter(([place, { dev }]) => place !== '' && !dev)
  return new Set(places.map(([place, { version }]) => `${place.replace(/^.*node_modules\//, '')} ${version}`))
}

t.test('nothing tells of the machine that built it', async (t) => {
  const here = join(DIST, '..')
  for (const folder of folders) {
    const telling = (await scripts(folder)).filter(({ text }) => text.includes(here))
    t.strictSame(
      telling.map(({ file }) => file),
      [],
      folder,
    )
  }
})
