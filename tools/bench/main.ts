import { argumentsOf } from '../command/index.js'
import { answers } from './answers/answers.js'
import { bills } from './bills/bills.js'
import { builtOurs } from './built.js'
import { growths } from './growth.js'
import { loads } from './load.js'
import { ratios } from './ratios.js'
import { timer } from './timer/timer.js'

/**
 * `npm run bench [-- load [function...] | ratios | growth | bills | timer [orders] | answers [page]]`: load times of built functions over an
 * empty one, the speed of signing and verifying beside bare `node:crypto`, how the work of verifying grows with the body,
 * bills of a million rows, the timer beside a million orders, and first answers of cold functions; all unless one is named. Exits with 1 when something
 * misses its limit.
 */
const [wanted, ...names] = argumentsOf('bench').words

const benches: Readonly<Record<string, () => string[] | Promise<string[]>>> = {
  load: () => loads(names),
  ratios: async () => ratios(await builtOurs()),
  growth: async () => growths(await builtOurs()),
  bills,
  timer: () => timer(names[0]),
  answers: () => answers(names),
}

const chosen = Object.keys(benches).filter((name) => name === (wanted ?? name))
for (const name of chosen) {
  for (const missed of (await benches[name]?.()) ?? []) {
    console.error(`missed: ${missed}`)
    process.exitCode = 1
  }
}
// The functions that made orders for cold ones to answer keep their connections open.
process.exit()
