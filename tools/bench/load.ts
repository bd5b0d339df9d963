import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { quantile } from './times.js'

/**
 * How many times as long as loading `node:crypto` one may load, each over an empty function: a provider waits for its
 * callback, and cannot be answered without that.
 */
const MOST: Readonly<Record<string, number>> = { verifyPaymentNotify: 1.6 }

const USUAL = [...Object.keys(MOST), 'getOrderInfo', 'wxacodeGet', 'tokenRefresh']
const RUNS = 21

/**
 * What a cold start pays for loading a bundle: milliseconds that `require` in a process of its own is to the processor,
 * which whatever else the machine is at does not change.
 */
const MEASURE = `
const before = process.cpuUsage()
require(process.argv[1])
const { user, system } = process.cpuUsage(before)
process.stdout.write(String((user + system) / 1e3))
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
  const written = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  const empty = written('empty.js', 'exports.main = async () => ({})\n')
  const crypto = written('crypto.js', "exports.main = async () => require('node:crypto')\nexports.main()\n")
  const files = names.map((name) => resolve('dist', 'functions', name, 'index.js'))
  const [floor = 0, withCrypto = 0, ...medians] = measured([empty, crypto, ...files])
  rmSync(folder, { recursive: true })
  const unit = withCrypto - floor
  console.log(`load: processor time, median of ${RUNS} fresh processes taken in turn`)
  console.log(`  ${'empty function'.padEnd(28)} ${floor.toFixed(2)} ms`)
  console.log(
    `  ${'node:crypto'.padEnd(28)} ${withCrypto.toFixed(2)} ms   ${unit.toFixed(2)} ms over the empty one`,
  )
  return names.flatMap((name, i) => {
    const median = medians[i] ?? Number.NaN
    const over = median - floor
    const times = over / unit
    console.log(
      `  ${name.padEnd(28)} ${median.toFixed(2)} ms   ${over.toFixed(2)} ms over the empty one, ${times.toFixed(2)} x node:crypto`,
    )
    const most = MOST[name] ?? Number.POSITIVE_INFINITY
    return times > most ? [`${name}: ${times.toFixed(2)} x the load of node:crypto, of ${most}`] : []
  })
}
