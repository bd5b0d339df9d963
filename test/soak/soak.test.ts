import { join } from 'node:path'
import t from 'tap'
import { diceOf } from '../../tools/soak/dice.js'
import { soak } from '../../tools/soak/run.js'
import { openScene } from '../../tools/soak/scene.js'
import { HAND_CLOCK_START } from '../support/clock.js'
import { program } from '../support/program.js'

/** A short soak; `npm run soak` is the long one. */

const dist = join(import.meta.dirname, '..', '..', 'dist')
const EIGHT_IN_THE_MORNING = HAND_CLOCK_START

t.test('nothing is lost and nothing comes twice, whatever fails meanwhile', async (t) => {
  const dice = diceOf('short soak')
  const scene = await openScene({
    ...{ dist, dice, start: EIGHT_IN_THE_MORNING },
    program: program('tools/soak/cloudProcess.ts'),
  })
  t.teardown(() => scene.close(false))
  const result = await soak(scene, { orders: 30, kills: 1, cuts: 1, dice })
  t.strictSame(result.problems, [])
  t.match(result, { deaths: 1, cuts: 1 })
  t.ok(result.forgeries > 0, 'forged notices arrived')
  // Which of them happen to so few orders depends on how their calls meet; that a payment may stay untold is e2e/day's.
  const happened = Object.values(result.faults).reduce((sum, times) => sum + times, 0)
  t.ok(happened > 0, 'things went wrong on the platforms')
  t.strictSame(result.books.here, result.books.there)
  t.ok(result.events >= result.books.there.reduce((sum, { paid }) => sum + paid, 0), 'each was told of')
  const planted = result.bills.open.map(({ type }) => type)
  for (const type of ['amount', 'duplicate', 'foreign-app', 'missing-there'] as const) {
    t.ok(planted.includes(type), `${type} was planted, found and named`)
  }
})

t.test('the same seed throws the same dice', async (t) => {
  const thrown = (seed: string) =>
    Array.from(
      { length: 20 },
      (
        (dice) => () =>
          dice.upTo(1000)
      )(diceOf(seed)),
    )
  t.strictSame(thrown('a'), thrown('a'))
  t.notSame(thrown('a'), thrown('b'))
  t.strictSame(diceOf('a').named('order 7').upTo(1e9), diceOf('a').named('order 7').upTo(1e9))
  const often = Array.from(
    { length: 2000 },
    (
      (dice) => () =>
        dice.happens(0.05)
    )(diceOf('rate')),
  )
  const rate = often.filter(Boolean).length / often.length
  t.ok(rate > 0.03 && rate < 0.07, `5 in 100 are ${rate}`)
})
