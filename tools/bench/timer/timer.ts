import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../../shared/store/port.js'
import { collectGarbage, quantile, timed, worked } from '../times.js'
import { dropDatabase, filledDatabase, filledFile } from './filled.js'
import { DUE, fallDue, oneMinute } from './minute.js'

const SETTLED = 1_000_000

/** How many times a run without settled orders one beside them may cost. */
const MOST = 1.5

const WARM_UPS = 3
const ROUNDS = 15

/** Nanoseconds of one run: of this process, and until it was over. */
interface Cost {
  processor: number
  elapsed: number
}

/** The same number of orders falls due in each of the stores, in turn: a slow moment of the machine hits all alike. */
async function costs(stores: readonly Store[]): Promise<Cost[]> {
  const runs = stores.map((): Cost[] => [])
  for (let round = 0; round < WARM_UPS + ROUNDS; round++) {
    for (const [i, store] of stores.entries()) {
      await fallDue(store, round)
      collectGarbage()
      let elapsed = 0
      const processor = await worked(async () => {
        elapsed = await timed(() => oneMinute(store))
      })
      if (round >= WARM_UPS) runs[i]?.push({ processor, elapsed })
    }
  }
  return runs.map((each) => ({
    processor: quantile(
      each.map(({ processor }) => processor),
      0.5,
    ),
    elapsed: quantile(
      each.map(({ elapsed }) => elapsed),
      0.5,
    ),
  }))
}

/** Prints both and their ratio. `by`: which of the two times counts; a server's work is not this process's. */
async function compared(
  name: string,
  by: keyof Cost,
  count: number,
  stores: readonly Store[],
): Promise<string[]> {
  const [alone, beside] = await costs(stores)
  if (!alone || !beside) return [`${name}: not measured`]
  const ratio = beside[by] / alone[by]
  const texts = (['processor', 'elapsed'] as const).map(
    (kind) => `${kind} ${milliseconds(alone[kind])} alone, ${milliseconds(beside[kind])} beside them`,
  )
  console.log(`  ${name.padEnd(10)} ${texts.join('; ')}: ${ratio.toFixed(2)} times`)
  return ratio <= MOST
    ? []
    : [`${name}: a run beside ${count} settled orders costs ${ratio.toFixed(2)} times one without`]
}

const milliseconds = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms`

async function onEmbedded(count: number): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-timer-'))
  const stores: Store[] = []
  try {
    stores.push(await filledFile(join(folder, 'alone'), 0))
    stores.push(await filledFile(join(folder, 'beside'), count))
    return await compared('embedded', 'processor', count, stores)
  } finally {
    for (const store of stores) await store.close()
    rmSync(folder, { recursive: true })
  }
}

async function onMongo(server: string, count: number): Promise<string[]> {
  const named = (part: string): string => {
    const address = new URL(server)
    address.pathname = `/openapi-bench-${part}-${randomBytes(6).toString('hex')}`
    return address.href
  }
  const [alone, beside] = [named('alone'), named('beside')]
  const stores: Store[] = []
  try {
    stores.push(await filledDatabase(alone, 0), await filledDatabase(beside, count))
    return await compared('MongoDB', 'elapsed', count, stores)
  } finally {
    for (const store of stores) await store.close()
    for (const uri of [alone, beside]) await dropDatabase(uri)
  }
}

/**
 * Prints what a run of the minute timer over {@link DUE} due orders costs, alone and beside a million settled ones, on
 * the embedded store and on the server of MONGODB_URI, where that is set, in databases of its own; answers what costs
 * too much. `wanted`: another number of settled orders.
 */
export async function timer(wanted: string | undefined): Promise<string[]> {
  const count = wanted === undefined ? SETTLED : Number(wanted)
  if (!Number.isSafeInteger(count) || count < 1) return [`${wanted} is no number of orders`]
  console.log(
    `a run of the timer over ${DUE} due orders, without and beside ${count} settled ones, at most ${MOST} times`,
  )
  const { MONGODB_URI } = process.env
  const missed = await onEmbedded(count)
  return MONGODB_URI ? [...missed, ...(await onMongo(MONGODB_URI, count))] : missed
}
