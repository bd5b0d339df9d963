import { join } from 'node:path'
import t from 'tap'
import { compareBooks, printedBooks } from '../../tools/demo/day/books.js'
import { movedClock } from '../../tools/demo/day/movedClock.js'
import { openingOf, playDay } from '../../tools/demo/day/play.js'
import { openDay } from '../../tools/demo/day/world.js'
import { reportIn } from '../../tools/demo/report.js'
import { HAND_CLOCK_START } from '../support/clock.js'

/** A merchant's day in seconds, as `npm run demo -- --day` plays it, with fewer orders. */

const dist = join(import.meta.dirname, '..', '..', 'dist')

t.test('a day ends with books that agree, and with differences that are named', async (t) => {
  const world = await openDay(dist, openingOf(HAND_CLOCK_START))
  t.teardown(world.close)
  const printed: string[] = []
  const report = reportIn({ json: true, colour: false, print: (line) => printed.push(line) })
  const books = await playDay(world, report, 24)
  const steps = printed.map((line) => JSON.parse(line) as Record<string, unknown>)
  t.strictSame(
    steps.map(({ step, ok }) => [step, ok]),
    [
      ...['shop opened', 'morning', 'keys exchanged', 'afternoon', 'midnight'],
      ...['found by asking', 'bills compared', 'books compared', 'end'],
    ].map((step) => [step, true]),
  )
  const lost = steps.find(({ step }) => step === 'found by asking')
  t.match(lost, { lost: 1 }, 'the payment without a notice was among them')
  t.ok(Number(lost?.tokens) > 10, 'tokens ended and were fetched anew')
  t.strictSame(books.here, books.there)
  t.equal(
    books.there.reduce((sum, { paid }) => sum + paid, 0),
    22,
    'all but the one abandoned and the one called off',
  )
  t.match(printedBooks(books), /^weixin-v2 +there +\d+ +\d+ +\d+\.\d\d/m)

  const { store, platforms, merchant } = world
  const numbers = Array.from({ length: 24 }, (_, i) => `day${String(i + 1).padStart(6, '0')}`)
  const found = (await Promise.all(numbers.map((number) => store.orders.findByOutTradeNo(number)))).flat()
  const problems = (orders: typeof found, events = merchant.events) =>
    compareBooks(platforms, orders, events).problems
  t.strictSame(problems(found), [])
  const [first, second] = [found[0], found[1]]
  if (!first || !second) throw new Error('there are no orders')
  const others = found.slice(1)
  t.strictSame(problems(others), ['day000001: paid there, and unknown here'])
  t.match(problems([{ ...first, state: 'PAYING', history: [] }, ...others]), [
    'day000001: paid there, PAYING here',
    'day000001: became PAID 0 times',
  ])
  const twice = [...first.history, ...first.history.filter(({ to }) => to === 'PAID')]
  t.match(problems([{ ...first, history: twice }, ...others]), ['day000001: became PAID 2 times'])
  const once = merchant.events.filter(({ data }) => data.outTradeNo !== 'day000001')
  t.match(problems(found, once), ['day000001: 0 events say that it is paid'])
  t.match(problems([...found, { ...second, outTradeNo: 'made_up' }]), [
    'made_up: paid here, and unknown there',
  ])
})

t.test('a clock that is moved wakes whoever slept until then', async (t) => {
  const clock = movedClock(HAND_CLOCK_START)
  const woken: string[] = []
  const sleep = (name: string, ms: number, signal?: AbortSignal) =>
    clock.sleep(ms, signal).then(() => woken.push(name))
  const stop = new AbortController()
  const all = [sleep('hour', 3600_000), sleep('minute', 60_000), sleep('year', 365 * 86_400_000, stop.signal)]
  clock.move(3600_000)
  await Promise.all(all.slice(0, 2))
  t.strictSame(woken, ['minute', 'hour'])
  stop.abort()
  await Promise.all(all)
  t.strictSame(woken, ['minute', 'hour', 'year'])
  const before = clock.now()
  clock.moveTo(before - 1000)
  t.ok(clock.now() >= before, 'and is never put back')
  t.ok(before - HAND_CLOCK_START >= 3600_000)
})
