import { systemClock } from '../../shared/clock.js'
import { argumentsOf } from '../command/index.js'
import { openDoors } from './doors.js'
import { readers } from './readers.js'
import { fuzz } from './run.js'

/**
 * `npm run fuzz`: valid samples, changed, into everything that reads what anybody may send. Exits with 1 and the inputs
 * that were accepted, not refused in order, or took down more than themselves.
 */

const { values } = argumentsOf('fuzz')
const number = (name: 'count' | 'from'): number => {
  const value = Number(values[name])
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`--${name}: expected a whole number`)
  return process.exit(2)
}
const [count, from] = [number('count'), number('from')]
const { seed, only } = values

const startedAt = systemClock.now()
const doors = await openDoors('dist', startedAt)
const targets = [...readers(), ...doors.targets].filter(
  ({ name }) => only === undefined || name.includes(only),
)
let done = from
process.once('SIGINT', () => {
  console.log(`\ncut at ${done}; go on with --seed ${seed} --from ${done} --count ${from + count - done}`)
  process.exit(130)
})
const step = Math.max(1000, Math.ceil(count / 20 / 1000) * 1000)
const result = await fuzz(targets, {
  ...{ seed, from, count },
  tell(number) {
    done = from + number
    if (number % step === 0) console.log(`${done} (${Math.round((systemClock.now() - startedAt) / 1000)} s)`)
  },
})
await doors.close()
for (const [name, { refused, read }] of Object.entries(result.counts)) {
  console.log(`${name.padEnd(32)} ${String(refused + read).padStart(8)} inputs, ${read} of them read`)
}
console.log(`at most ${Math.round(result.memory / 1024 / 1024)} MB`)
for (const { n, target, what, input } of result.findings) {
  console.log(`\nFOUND ${target}: ${what}\n  again: --seed ${seed} --from ${n} --count 1\n  ${input}`)
}
const seconds = Math.round((systemClock.now() - startedAt) / 1000)
console.log(`${count} inputs of seed ${seed}, ${result.findings.length} findings (${seconds} s)`)
process.exitCode = result.findings.length > 0 ? 1 : 0
