import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Takes away what was left by whatever ran before, which else the next to run would pay for. */
export const collectGarbage: () => void = runInNewContext('gc')

/** The time that `part` of all (0 to 1) did not exceed; 0.5 is the median. */
export function quantile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((one, other) => one - other)
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN
}

/** Nanoseconds of work that `work` is to the processor, whoever else has some for it in between. */
export async function worked(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1000
}

/** Nanoseconds that one run of `work` takes, the mean of `runs`. Only a promise is waited for: waiting costs too. */
export async function timed(work: () => unknown, runs = 1): Promise<number> {
  const startedAt = process.hrtime.bigint()
  for (let run = 0; run < runs; run++) {
    const done = work()
    if (done instanceof Promise) await done
  }
  return Number(process.hrtime.bigint() - startedAt) / runs
}
