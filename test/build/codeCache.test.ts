import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { DIST } from './space.js'

/** Code caches save time and change nothing: one that is damaged, stale or another Node's is as good as none. */

interface Builder {
  addCodeCaches(folders: readonly string[], options?: { flags?: string[] }): Promise<void>
}

const builder = pathToFileURL(join('tools', 'build', 'codeCache', 'index.mjs')).href
const { addCodeCaches } = (await import(builder)) as Builder

/** A function with its caches, and where they lie. */
async function withCaches(t: Test, flags: string[] = []): Promise<{ folder: string; caches: string }> {
  const folder = join(t.testdir(), 'tokenGet')
  cpSync(join(DIST, 'functions', 'tokenGet'), folder, { recursive: true })
  rmSync(join(folder, 'vendor', 'mongodb.js'))
  await addCodeCaches([folder], { flags })
  const [runtime = ''] = readdirSync(join(folder, 'cache'))
  return { folder, caches: join(folder, 'cache', runtime) }
}

/**
 * In a process of its own: calls the function as often as `each` says, after what it does to a file of the caches, and
 * tells of every call what it answered and whether V8 took the cache of `main.js`.
 */
const PROBE = `
const { readFileSync, writeFileSync } = require('node:fs')
const [folder, cache, step] = process.argv.slice(1)
globalThis[Symbol.for('unicloud-openapi.host')] = { env: {}, log: () => undefined }
const said = []
const call = async () => {
  let taken
  globalThis[Symbol.for('unicloud-openapi.codeCache')] = ({ file, script }) => {
    if (file === 'main.js') taken = script.cachedDataRejected === false
  }
  delete require.cache[require.resolve(folder + '/index.js')]
  const { main } = require(folder + '/index.js')
  const { errCode } = await main({}, { SOURCE: 'function' })
  said.push(errCode + ' ' + taken)
}
const run = async () => {
  if (step === '0') return call()
  const whole = readFileSync(cache)
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / Number(step))) {
    const damaged = Buffer.from(whole)
    damaged[at] ^= 1 << at % 8
    writeFileSync(cache, damaged)
    await call()
  }
  writeFileSync(cache, whole.subarray(0, whole.length / 2))
  await call()
}
run().then(() => process.stdout.write(JSON.stringify(said)))
`

const calls = (folder: string, cache: string, step = 0, flags: string[] = []): string[] =>
  JSON.parse(
    execFileSync(process.execPath, [...flags, '-e', PROBE, folder, cache, String(step)], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    }),
  ) as string[]

t.test('V8 takes a cache of its own, whole and of this source, and no other', async (t) => {
  const { folder, caches } = await withCaches(t)
  const cache = join(caches, 'main.js.bin')
  t.strictSame(calls(folder, cache), ['FORBIDDEN true'], 'as it was built')
  t.strictSame(calls(folder, cache, 0, ['--max-old-space-size=300']), ['FORBIDDEN false'], 'other flags')
  const damaged = calls(folder, cache, 60)
  t.equal(damaged.length, 61)
  t.strictSame([...new Set(damaged)], ['FORBIDDEN false'], 'damaged anywhere, or cut off')
  await addCodeCachesAgain(folder)
  t.strictSame(calls(folder, cache), ['FORBIDDEN true'], 'built again')
  appendFileSync(join(folder, 'main.js'), '\n')
  t.strictSame(calls(folder, cache), ['FORBIDDEN false'], 'of another source')
  renameSync(caches, `${caches}-of-another-node`)
  t.strictSame(calls(folder, cache), ['FORBIDDEN false'], 'of another Node')
})

t.test('flags that a cloud starts Node with are a part of what a cache is for', async (t) => {
  const flags = ['--max-old-space-size=300']
  const { folder, caches } = await withCaches(t, flags)
  const cache = join(caches, 'main.js.bin')
  t.strictSame(calls(folder, cache, 0, flags), ['FORBIDDEN true'])
  t.strictSame(calls(folder, cache), ['FORBIDDEN false'])
})

async function addCodeCachesAgain(folder: string): Promise<void> {
  renameSync(join(folder, 'main.js'), join(folder, 'index.js'))
  await addCodeCaches([folder])
}
