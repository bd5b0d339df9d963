import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { quantile } from './times.js'

/** How much longer than an empty function one may load, in milliseconds: a provider waits for its callback. */
const MOST: Readonly<Record<string, number>> = { verifyPaymentNotify: 3 }

const USUAL = [...Object.keys(MOST), 'getOrderInfo', 'wxacodeGet', 'tokenRefresh']
const RUNS = 21

/** What a cold start pays for loading a bundle: milliseconds of `require` in a process of its own. */
const MEASURE = `
const before = process.hrtime.bigint()
require(process.argv[1])
process.stdout.write(String(Number(process.hrtime.bigint() - before) / 1e6))
`

const once = (file: string): number =>
  Number(execFileSync(process.execPath, ['-e', MEASURE, file], { encoding: 'utf8' }))

/** Medians in milliseconds. All load in turn, so that a slow moment of the machine hits them alike. */
function measured(files: readonly string[]): number[] {
  const times = files.map((): number[] => [])
  for (let run = 0; run <= RUNS; run++) {
    files.forEach((file, i) => {
      const time = once(file)
      // The first round fills the file cache.
      if (run > 0) times[i]?.push(time)
    })
  }
  return times.map((each) => quantile(each, 0.5))
}

/** Prints what built functions take to load over an empty one; answers what takes too long. */
export function loads(given: readonly string[]): string[] {
  const names = given.length > 0 ? given : USUAL
  const folder = mkdtempSync(join(tmpdir(), 'load-'))
  const empty = join(folder, 'index.js')
  writeFileSync(empty, 'exports.main = async () => ({})\n')
  const files = names.map((name) => resolve('dist', 'functions', name, 'index.js'))
  const [floor = 0, ...medians] = measured([empty, ...files])
  rmSync(folder, { recursive: true })
  console.log(`load time, median of ${RUNS} fresh processes taken in turn`)
  console.log(`  ${'empty function'.padEnd(28)} ${floor.toFixed(2)} ms`)
  return names.flatMap((name, i) => {
    const median = medians[i] ?? Number.NaN
    const over = median - floor
    console.log(`  ${name.padEnd(28)} ${median.toFixed(2)} ms   ${over.toFixed(2)} ms over the empty one`)
    const most = MOST[name] ?? Number.POSITIVE_INFINITY
    return over > most ? [`${name}: ${over.toFixed(2)} ms over an empty function, of ${most}`] : []
  })
}
