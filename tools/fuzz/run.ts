import { type Dice, diceOf } from '../soak/dice.js'
import { mutated } from './mutate.js'
import { isRefusal, type Target } from './target.js'

export interface FuzzOptions {
  seed: string
  /** The first input's number, and how many there are. */
  from: number
  count: number
  tell?: (done: number) => void
}

/** An input that led to something that must not be. */
export interface Finding {
  n: number
  target: string
  what: string
  /** The input in base64, its beginning at least. */
  input: string
}

export interface FuzzResult {
  findings: Finding[]
  /** How many inputs were refused, and how many were read, by target. */
  counts: Record<string, { refused: number; read: number }>
  /** The most memory that the process had, in bytes. */
  memory: number
}

/** No input may keep the process from anything else for longer, in milliseconds; on a busy machine it seldom does. */
const SLOW_MS = 3000

/** After so many findings there is enough to look at. */
const MOST_FINDINGS = 20

const SHOWN_BYTES = 300

/** The input of a number depends on seed and number alone: a run can be cut anywhere and gone on with, or repeated. */
export async function fuzz(targets: readonly Target[], options: FuzzOptions): Promise<FuzzResult> {
  const { seed, from, count, tell = () => undefined } = options
  const result: FuzzResult = { findings: [], counts: {}, memory: 0 }
  const turns = targets.flatMap((target) => Array.from({ length: target.weight }, () => target))
  const all = targets.flatMap(({ samples }) => samples)
  const astray: unknown[] = []
  const onAstray = (error: unknown) => void astray.push(error)
  process.on('unhandledRejection', onAstray)
  process.on('uncaughtException', onAstray)
  try {
    for (let n = from; n < from + count && result.findings.length < MOST_FINDINGS; n++) {
      const dice = diceOf(`${seed}/${n}`)
      await one(dice.oneOf(turns), n, { dice, all, astray, result })
      if (n % 1000 === 0) {
        result.memory = Math.max(result.memory, process.memoryUsage().rss)
        // What nobody waits for gets its turn, or would pile up.
        await new Promise((resolve) => setImmediate(resolve))
        tell(n - from)
      }
    }
    await new Promise((resolve) => setImmediate(resolve))
    for (const error of astray)
      result.findings.push(finding(from + count, 'nobody', text(error), Buffer.alloc(0)))
  } finally {
    process.off('unhandledRejection', onAstray)
    process.off('uncaughtException', onAstray)
  }
  return result
}

interface Turn {
  dice: Dice
  all: readonly Buffer[]
  astray: unknown[]
  result: FuzzResult
}

async function one(target: Target, n: number, { dice, all, astray, result }: Turn): Promise<void> {
  const sample = dice.upTo(target.samples.length)
  const original = target.samples[sample] ?? Buffer.alloc(0)
  const input = mutated(original, dice.happens(0.8) ? target.samples : all, dice)
  result.counts[target.name] ??= { refused: 0, read: 0 }
  const counts = result.counts[target.name]
  const startedAt = process.hrtime.bigint()
  const report = (what: string) => result.findings.push(finding(n, target.name, what, input))
  try {
    const outcome = await target.read(input, sample, dice)
    if (counts) counts[outcome === 'refused' ? 'refused' : 'read'] += 1
    if (typeof outcome === 'object') report(outcome.wrong)
  } catch (error) {
    if (counts) counts.refused += 1
    if (!isRefusal(error)) report(`threw ${text(error)}`)
  }
  const ms = Number(process.hrtime.bigint() - startedAt) / 1e6
  if (ms > SLOW_MS) report(`took ${Math.round(ms)} ms`)
  for (const error of astray.splice(0)) report(`left behind ${text(error)}`)
}

const text = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

const finding = (n: number, target: string, what: string, input: Buffer): Finding => ({
  ...{ n, target, what },
  input: input.subarray(0, SHOWN_BYTES).toString('base64'),
})
