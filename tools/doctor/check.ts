import type { Bilingual } from '../../shared/operation/index.js'
import type { Doctor } from './doctor.js'
import { type Finding, findingMaker, type Remarks, type Say } from './finding.js'
import { skippedBecause, skippedRemarks } from './skipped.js'

/**
 * One thing that is looked at. It answers what it found, and nothing where it does not apply. What it throws the
 * runner turns into a remark of its own, see `skipped.ts`.
 */
export interface Check<Code extends string = string> {
  /** Dotted, and never renamed: scripts compare it. */
  readonly id: string
  readonly title: Bilingual
  /** Whether the check needs the network. */
  readonly network?: true
  readonly remarks: Remarks<Code>
  run(doctor: Doctor, say: Say<Code>): readonly Finding[] | Promise<readonly Finding[]>
}

/** Has the codes that a check uses compared with those it declares. */
export const check = <const Code extends string>(definition: Check<Code>): Check => definition

/** What one check found. */
export interface CheckResult {
  check: Check
  findings: readonly Finding[]
}

/** Checks that look at the network at the same time: enough to be quick, few enough for every provider's limits. */
const AT_ONCE = 6

/** A check sends a few requests one after another, each with its own time limit; this one ends it in any case. Milliseconds. */
const GIVE_UP_MS = 15_000

/** Runs the checks, a few at a time, and answers in their order. Never rejects, and always ends. */
export async function runChecks(
  doctor: Doctor,
  checks: readonly Check[],
  progress: (done: number, all: number) => void = () => undefined,
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  const waiting = checks.entries()
  let done = 0
  const work = async () => {
    for (const [place, check] of waiting) {
      results[place] = { check, findings: await findings(doctor, check) }
      done += 1
      progress(done, checks.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}

async function findings(doctor: Doctor, check: Check): Promise<readonly Finding[]> {
  const common = findingMaker(skippedRemarks, doctor.secrets)
  if (check.network && doctor.offline) return [common('offline')]
  const done = new AbortController()
  const giveUp = sleep(GIVE_UP_MS, done.signal).then(() => [common('out-of-time')])
  try {
    return await Promise.race([
      Promise.resolve(check.run(doctor, findingMaker(check.remarks, doctor.secrets))),
      giveUp,
    ])
  } catch (error) {
    return [skippedBecause(error, common)]
  } finally {
    done.abort()
  }
}

/** In real time, whatever clock a test gives the doctor, since it is the command that must not hang. */
const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => clearTimeout(timer))
  })

/** Looks at several accounts at once: what goes wrong with one of them does not lose the others' findings. */
export async function each<Item>(
  doctor: Doctor,
  items: readonly Item[],
  look: (item: Item) => Promise<readonly Finding[]>,
): Promise<Finding[]> {
  const common = findingMaker(skippedRemarks, doctor.secrets)
  const found = await Promise.all(
    items.map((item) => look(item).catch((error) => [skippedBecause(error, common)])),
  )
  return found.flat()
}
