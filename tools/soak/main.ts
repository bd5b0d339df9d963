import { fileURLToPath } from 'node:url'
import { nonce, systemClock, systemRandom } from '../../shared/clock.js'
import { startMongo } from '../../test/support/mongo/server.js'
import { argumentsOf } from '../command/index.js'
import { printedBooks } from '../demo/day/books.js'
import { openingOf } from '../demo/day/play.js'
import { diceOf } from './dice.js'
import { type SoakResult, soak } from './run.js'
import { openScene } from './scene.js'

/**
 * `npm run soak`: orders of three payment systems through the built functions while everything around them fails, then
 * the books of both sides against each other. Exits with 1 and a list when anything was lost, doubled, believed wrongly
 * or not found.
 */

const { values } = argumentsOf('soak')
const number = (name: 'orders' | 'kills' | 'minutes', otherwise: number): number => {
  const value = Number(values[name] ?? otherwise)
  if (value >= 0) return value
  console.error(`--${name}: expected a number`)
  return process.exit(2)
}
const count = number('orders', 0)
const kills = number('kills', Math.ceil(count / 80))
const minutes = number('minutes', Number.POSITIVE_INFINITY)
const { seed = nonce(systemRandom, 8) } = values
const stores = values.store === 'both' ? ['embedded', 'mongodb'] : [values.store]

console.log(`seed ${seed}: ${count} orders, about ${kills} kills, on ${stores.join(' and ')}`)
for (const store of stores) await soakOn(store)

async function soakOn(name: string): Promise<void> {
  const server = name === 'mongodb' ? await startMongo() : undefined
  if (server && 'unavailable' in server) throw new Error(`no MongoDB-protocol server: ${server.unavailable}`)
  const dice = diceOf(`${seed} on ${name}`)
  const startedAt = systemClock.now()
  const scene = await openScene({
    ...{ dist: 'dist', dice, start: openingOf(startedAt) },
    program: [...process.execArgv, fileURLToPath(new URL('./cloudProcess.ts', import.meta.url))],
    ...(server ? { mongodb: new URL(`soak-${nonce(systemRandom, 12)}`, server.uri).href } : {}),
  })
  let isBad = true
  try {
    const result = await soak(scene, {
      cuts: count / 200,
      isEnough: () => systemClock.now() - startedAt > minutes * 60_000,
      orders: count,
      kills,
      dice,
      tell: (line) => console.log(`  ${name}: ${line}`),
    })
    isBad = result.problems.length > 0
    print(name, result, Math.round((systemClock.now() - startedAt) / 1000))
    if (isBad) process.exitCode = 1
  } finally {
    if (isBad) console.log(`the log of the cloud and its store are kept in ${scene.folder}`)
    await scene.close(isBad)
    await server?.stop()
  }
}

function print(name: string, result: SoakResult, seconds: number): void {
  const { problems, books, bills, deaths, cuts, forgeries, events, faults } = result
  console.log(`\n${printedBooks(books)}\n`)
  console.log(
    `${name}: ${deaths} SIGKILLs, ${cuts} cuts of the store, ${forgeries} forged notices, ${events} events`,
  )
  console.log(
    `faults: ${Object.entries(faults)
      .map(([fault, times]) => `${times} ${fault}`)
      .join(', ')}`,
  )
  console.log(
    `bills: ${bills.rows} rows, ${bills.planted ?? 0} differences planted and ${bills.open.length} found`,
  )
  for (const problem of problems.slice(0, 200)) console.log(`PROBLEM ${problem}`)
  console.log(
    `${name}: ${problems.length === 0 ? 'nothing lost, nothing twice' : `${problems.length} problems`} (${seconds} s)`,
  )
}
