import type { Check } from './check.js'
import { commonRemarks, hindered } from './common.js'
import { type Finding, saying } from './finding.js'
import type { World } from './world.js'

/** What one check found. */
export interface Examined {
  check: Check
  findings: readonly Finding[]
}

/** Checks that look at the network at the same time: enough to be quick, few enough for every provider's limits. */
const AT_ONCE = 6

/** A check asks a few things one after another, each with its own patience; this ends it in any case. Milliseconds. */
const GIVE_UP_MS = 15_000

/** Runs the checks, a few at a time, and answers in their order. Never rejects, and always ends. */
export async function examine(
  world: World,
  checks: readonly Check[],
  progress: (done: number, all: number) => void = () => undefined,
): Promise<Examined[]> {
  const results: Examined[] = []
  const waiting = checks.entries()
  let done = 0
  const work = async () => {
    for (const [place, check] of waiting) {
      results[place] = { check, findings: await findings(world, check) }
      done += 1
      progress(done, checks.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}

async function findings(world: World, check: Check): Promise<readonly Finding[]> {
  const common = saying(commonRemarks, world.secrets)
  if (check.network && world.offline) return [common('offline')]
  const done = new AbortController()
  const giveUp = sleep(GIVE_UP_MS, done.signal).then(() => [common('out-of-time')])
  try {
    return await Promise.race([
      Promise.resolve(check.run(world, saying(check.remarks, world.secrets))),
      giveUp,
    ])
  } catch (error) {
    return [hindered(error, common)]
  } finally {
    done.abort()
  }
}

/** Real time, whatever the world's clock says: it is the machine that must not hang. */
const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => clearTimeout(timer))
  })

/** The same for several accounts at once: trouble with one of them leaves the others' findings whole. */
export async function each<Item>(
  world: World,
  items: readonly Item[],
  look: (item: Item) => Promise<readonly Finding[]>,
): Promise<Finding[]> {
  const common = saying(commonRemarks, world.secrets)
  const found = await Promise.all(items.map((item) => look(item).catch((error) => [hindered(error, common)])))
  return found.flat()
}
