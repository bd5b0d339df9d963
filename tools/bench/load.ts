import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** What a cold start pays for loading a bundle: milliseconds of `require` in a process of its own. */
const MEASURE = `
const before = process.hrtime.bigint()
require(process.argv[1])
process.stdout.write(String(Number(process.hrtime.bigint() - before) / 1e6))
`

export interface LoadTime {
  name: string
  /** Milliseconds, the median of `runs` fresh processes. */
  median: number
}

const once = (file: string): number =>
  Number(execFileSync(process.execPath, ['-e', MEASURE, file], { encoding: 'utf8' }))

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Loads an empty function and the built ones in turn, so that a slow moment of the machine hits all alike. */
export function measureLoads(functions: readonly string[], runs: number): LoadTime[] {
  const folder = mkdtempSync(join(tmpdir(), 'load-'))
  const empty = join(folder, 'index.js')
  writeFileSync(empty, 'exports.main = async () => ({})\n')
  const targets = [
    { name: 'empty function', file: empty },
    ...functions.map((name) => ({ name, file: resolve('dist', 'functions', name, 'index.js') })),
  ].map((target) => ({ ...target, times: [] as number[] }))
  for (let run = 0; run <= runs; run++) {
    for (const { file, times } of targets) {
      const time = once(file)
      // The first round fills the file cache.
      if (run > 0) times.push(time)
    }
  }
  rmSync(folder, { recursive: true })
  return targets.map(({ name, times }) => ({ name, median: median(times) }))
}
