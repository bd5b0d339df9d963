import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { startMongo } from '../../../test/support/mongo/server.js'
import { quantile } from '../times.js'
import { type Results, type Times, writePages } from './page.js'
import { type Call, type Env, openScene, type Scene } from './scene.js'

const ROUNDS = 15

/** The most that code caches may leave of the processor time that a first answer takes without them. */
const CACHED = 0.9

/** How much longer ours may take, without code caches, than another build: BENCH_BASE, the root of a checkout. */
const MOST = 1.1

interface Side {
  name: string
  /** Where `dist` lies; the floor has none, and only takes notices in. */
  dist?: string
}

const NAMES = ['verifyPaymentNotify', 'getOrderInfo', 'wxacodeGet', 'tokenRefresh']

/**
 * What whoever waits for a cold function waits for: from before it is loaded to its first answer, database and platform
 * included. Each call is made in a process of its own, all sides in turn. Answers what misses its limit; with `page` it
 * writes docs/performance.md.
 */
export async function answers(words: readonly string[]): Promise<string[]> {
  const mongo = await startMongo()
  if ('unavailable' in mongo) return [`no server that speaks MongoDB's protocol: ${mongo.unavailable}`]
  const scene = await openScene()
  const folder = mkdtempSync(join(tmpdir(), 'answers-'))
  try {
    const cached = await withCodeCaches(folder)
    const base = process.env.BENCH_BASE
    const sides: Side[] = [
      { name: 'with code caches', dist: cached },
      { name: 'without', dist: resolve('dist') },
      ...(base ? [{ name: 'BENCH_BASE', dist: resolve(base, 'dist') }] : []),
      { name: 'floor' },
    ]
    const results: Results = new Map()
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [i, side] of sides.entries()) {
        const uri = new URL(`answers-${i}`, mongo.uri).href
        // The first round fills caches of files and makes the indexes.
        for (const call of await scene.calls(side.dist ?? resolve('dist'), uri)) {
          const took = await timed(side, call, uri, scene)
          if (took && round > 0) keep(results, call.name, side.name, took)
        }
      }
    }
    if (words.includes('page')) writePages(results, mongo.name)
    return report(results)
  } finally {
    await scene.close()
    await mongo.stop()
    rmSync(folder, { recursive: true })
  }
}

/** The same functions with code caches for this Node. */
async function withCodeCaches(folder: string): Promise<string> {
  const builder = pathToFileURL(resolve('tools', 'build', 'codeCache', 'index.mjs')).href
  const { addCodeCaches } = (await import(builder)) as { addCodeCaches(folders: string[]): Promise<void> }
  const used = [...NAMES, 'authCode2Session', 'createOrder']
  const folders = used.map((name) => join(folder, 'functions', name))
  used.forEach((name, i) => {
    cpSync(join('dist', 'functions', name), folders[i] ?? '', { recursive: true })
  })
  await addCodeCaches(folders)
  return folder
}

async function timed({ dist }: Side, { name, event, context }: Call, uri: string, { env, keys }: Scene) {
  if (dist === undefined && name !== 'verifyPaymentNotify') return undefined
  const here = import.meta.dirname
  const index = dist === undefined ? join(here, 'floor.cjs') : join(dist, 'functions', name, 'index.js')
  const vendor = resolve('dist', 'functions', name, 'vendor', 'mongodb.js')
  const FLOOR = JSON.stringify({ ...keys, vendor })
  const own: Env = { ...env, MONGODB_URI: uri, FLOOR, PATH: process.env.PATH ?? '' }
  const input = JSON.stringify({ event, context })
  // Not waited for in one piece: the platforms that it calls run in this process.
  const running = promisify(execFile)(process.execPath, [join(here, 'call.cjs'), index], { env: own })
  running.child.stdin?.end(input)
  const { stdout } = await running
  const { cpu, ms, answer } = JSON.parse(stdout)
  if (answer.statusCode !== 204 && answer.errCode !== 0)
    throw new Error(`${index}: ${JSON.stringify(answer)}`)
  return { cpu, ms } as { cpu: number; ms: number }
}

function keep(results: Results, name: string, side: string, { cpu, ms }: { cpu: number; ms: number }): void {
  const sides = results.get(name) ?? new Map<string, Times>()
  const times = sides.get(side) ?? { cpu: [], ms: [] }
  times.cpu.push(cpu)
  times.ms.push(ms)
  results.set(name, sides.set(side, times))
}

const median = (times: readonly number[]): number => quantile(times, 0.5)

function report(results: Results): string[] {
  const missed: string[] = []
  console.log(
    `first answers of cold functions, medians of ${ROUNDS} processes taken in turn: of the processor, of the clock`,
  )
  for (const [name, sides] of results) {
    const cpu = (side: string) => median(sides.get(side)?.cpu ?? [])
    for (const [side, times] of sides) {
      const [own, all] = [median(times.cpu), median(times.ms)]
      const ratio = own / cpu('without')
      console.log(
        `  ${name.padEnd(20)} ${side.padEnd(18)} ${own.toFixed(1).padStart(6)} ms ${all.toFixed(1).padStart(7)} ms   ${ratio.toFixed(2)} of without`,
      )
    }
    const cached = cpu('with code caches') / cpu('without')
    if (cached > CACHED) missed.push(`${name}: ${cached.toFixed(2)} with code caches, of ${CACHED}`)
    const against = cpu('without') / cpu('BENCH_BASE')
    if (against > MOST) missed.push(`${name}: ${against.toFixed(2)} of BENCH_BASE, of ${MOST}`)
  }
  return missed
}
