import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nonce, systemClock, systemRandom } from '../../shared/clock.js'
import { startMongo } from '../../test/support/mongo/server.js'
import { printedBooks } from '../demo/day/books.js'
import { openingOf } from '../demo/day/play.js'
import { diceOf } from './dice.js'
import { type SoakResult, soak } from './run.js'
import { openScene } from './scene.js'

/**
 * `npm run soak [-- --orders 10000] [--seed TEXT] [--kills N] [--store embedded|mongodb|both]
 * [--minutes M]`: orders of three payment
 * systems through the built functions while everything around them fails, then the books of both sides against each
 * other. `--minutes`: after that many no further orders are made, and the rest goes on. MongoDB is the server that MONGODB_URI names, or one that the tests bring along. Exits with 1 and a list when
 * anything was lost, doubled, believed wrongly or not found.
 */

const USAGE =
  'npm run soak -- [--orders N] [--seed TEXT] [--kills N] [--store embedded|mongodb|both] [--minutes M]'

function given() {
  try {
    const options = {
      orders: { type: 'string', default: '10000' },
      seed: { type: 'string', default: nonce(systemRandom, 8) },
      kills: { type: 'string' },
      minutes: { type: 'string' },
      store: { type: 'string', default: 'both' },
    } as const
    const { orders, seed, kills, store, minutes } = parseArgs({ options }).values
    const stores = store === 'both' ? ['embedded', 'mongodb'] : [store]
    const count = Number(orders)
    const isGood =
      Number.isSafeInteger(count) && count > 0 && stores.every((each) => /^(embedded|mongodb)$/.test(each))
    if (!isGood) throw new Error('unknown option')
    return {
      count,
      seed,
      minutes: Number(minutes ?? Number.POSITIVE_INFINITY),
      kills: Number(kills ?? Math.ceil(count / 80)),
      stores,
    }
  } catch {
    console.error(USAGE)
    process.exit(1)
  }
}

const { count, seed, kills, stores, minutes } = given()
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
