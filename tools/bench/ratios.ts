import type { Ours } from './built.js'
import { type Job, jobs } from './jobs.js'
import { quantile, timed } from './times.js'

/** The least share of the bare code's speed that ours has to reach. */
const LEAST = 0.8

/** Each side runs for so long before it is the other's turn: too short for anything else on the machine to fit in. */
const TURN_NS = 300_000
const TURNS = 1000

/** Slower turns were disturbed, which says nothing of either side. */
const UNDISTURBED = 0.1

export interface Ratio {
  name: string
  /** Nanoseconds. */
  ours: number
  bare: number
}

export async function compared({ name, ours, bare }: Job, turns = TURNS): Promise<Ratio> {
  await timed(ours, turns)
  await timed(bare, turns)
  const runs = Math.ceil(TURN_NS / (await timed(ours, 10)))
  const times: Record<'ours' | 'bare', number[]> = { ours: [], bare: [] }
  for (let turn = 0; turn < turns; turn++) {
    times.ours.push(await timed(ours, runs))
    times.bare.push(await timed(bare, runs))
  }
  return { name, ours: quantile(times.ours, UNDISTURBED), bare: quantile(times.bare, UNDISTURBED) }
}

/** Prints how fast signing and verifying are beside `node:crypto` alone; answers what is too slow. */
export async function ratios(ours: Ours): Promise<string[]> {
  const missed: string[] = []
  console.log(
    `signing and verifying beside bare node:crypto, in ${TURNS} turns each; at least ${LEAST} of its speed`,
  )
  for (const job of jobs(ours)) {
    const { least = LEAST } = job
    const { name, ours: own, bare } = await compared(job)
    const ratio = bare / own
    console.log(`  ${name.padEnd(44)} ${micro(own)}   bare ${micro(bare)}   ${ratio.toFixed(2)}`)
    if (ratio < least) missed.push(`${name}: ${ratio.toFixed(2)} of the bare code's speed`)
  }
  return missed
}

const micro = (ns: number): string => `${(ns / 1000).toFixed(1).padStart(7)} µs`
