import { join } from 'node:path'
import t from 'tap'
import { openDoors } from '../../tools/fuzz/doors.js'
import { mutated } from '../../tools/fuzz/mutate.js'
import { readers } from '../../tools/fuzz/readers.js'
import { fuzz } from '../../tools/fuzz/run.js'
import type { Target } from '../../tools/fuzz/target.js'
import { diceOf } from '../../tools/soak/dice.js'
import { HAND_CLOCK_START } from '../support/clock.js'

/** Ten thousand changed samples; `npm run fuzz` takes a million. */

const dist = join(import.meta.dirname, '..', '..', 'dist')
const MOST_MEMORY = 600 * 1024 * 1024

t.test('readers and decryptors refuse in order what is no message', async (t) => {
  const { findings, counts, memory } = await fuzz(readers(), { seed: 'tests', from: 0, count: 9000 })
  t.strictSame(findings, [])
  t.equal(
    Object.values(counts).reduce((sum, { read, refused }) => sum + read + refused, 0),
    9000,
  )
  t.strictSame(
    Object.keys(counts).sort(),
    readers()
      .map(({ name }) => name)
      .sort(),
    'each had its turn',
  )
  t.ok(memory < MOST_MEMORY, `${memory} bytes`)
})

t.test('what anybody sends to the callbacks moves nothing and takes nothing down', async (t) => {
  const doors = await openDoors(dist, HAND_CLOCK_START)
  t.teardown(doors.close)
  t.equal(doors.targets.length, 7)
  const { findings, counts } = await fuzz(doors.targets, { seed: 'tests', from: 0, count: 1000 })
  t.strictSame(findings, [])
  const refused = Object.values(counts).reduce((sum, each) => sum + each.refused, 0)
  t.ok(refused > 900, `${refused} were refused; the rest says what was said before`)
})

t.test('what must not happen is found, whatever it is, and can be had again', async (t) => {
  const sample = Buffer.from('a valid message with a number 1234')
  const target = (name: string, read: Target['read']): Target => ({
    name,
    weight: 1,
    samples: [sample],
    read,
  })
  const targets = [
    target('throws', (input) => {
      if (!input.equals(sample)) throw new TypeError('not meant')
      return undefined
    }),
    target('believes', () => ({ wrong: 'believed' })),
    target('leaves behind', async () => {
      void Promise.reject(new Error('nobody waits'))
      await new Promise((resolve) => setImmediate(resolve))
      return undefined
    }),
    target('refuses', () => 'refused'),
  ]
  const run = (from: number, count: number) => fuzz(targets, { seed: 'planted here', from, count })
  const { findings } = await run(0, 30)
  const found = new Set(findings.map(({ target: name }) => name))
  t.strictSame([...found].sort(), ['believes', 'leaves behind', 'throws'])
  const one = findings.find(({ target: name }) => name === 'throws')
  t.match((await run(one?.n ?? 0, 1)).findings, [
    { n: one?.n, input: one?.input, what: /TypeError: not meant/ },
  ])
  const again = (n: number) => mutated(sample, [sample], diceOf(`x/${n}`))
  t.ok(Array.from({ length: 50 }, (_, n) => again(n).equals(again(n))).every(Boolean))
  t.equal(sample.toString(), 'a valid message with a number 1234', 'the sample itself stays')
})
