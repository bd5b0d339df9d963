import t from 'tap'
import { periodAt, periodMs, runsOf } from '../../shared/server/schedule.js'
import { runTimer, type Timer } from '../../shared/server/timers.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { HAND_CLOCK_START, handClock } from '../support/clock.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

t.test('a period begins on the minute, and a daily one at its time in Beijing', async (t) => {
  t.equal(periodMs('5m'), 5 * MINUTE)
  t.throws(() => periodMs('5 minutes'))
  const at = Date.UTC(2026, 10, 30, 2, 30)
  const { period, startedAt } = periodAt({ every: '1d', at: '10:30' }, at)
  t.equal(startedAt, at)
  t.equal(periodAt({ every: '1d', at: '10:30' }, at - 1).period, period - 1)
  t.equal(periodAt({ every: '1d', at: '10:30' }, at + DAY - 1).period, period)
  t.strictSame(
    runsOf('billReconcile', { every: '1d', at: '23:45' }).map((run) => `${run.name} ${run.at}`),
    ['billReconcile 23:45', 'billReconcile+10 23:55', 'billReconcile+20 00:05'],
    'what a time limit cut goes on',
  )
  t.equal(periodAt({ every: '5m' }, at + 7 * MINUTE).startedAt, at + 5 * MINUTE)
})

t.test('ten servers over one store run each period once, whoever of them is still there', async (t) => {
  const clock = handClock()
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const runs: { server: number; at: number }[] = []
  const servers = Array.from({ length: 10 }, (_, server) => {
    const closing = new AbortController()
    const timer: Timer = {
      ...{ name: 'eventDispatch', every: '1m' },
      run: async () => void runs.push({ server, at: clock.now() }),
    }
    const failed = (error: unknown) => t.fail(String(error))
    const done = runTimer(timer, { clock, store: async () => store, closing: closing.signal, failed })
    return { closing, done }
  })
  await clock.advance(5 * MINUTE)
  for (const { closing } of servers.slice(0, 5)) closing.abort()
  await clock.advance(5 * MINUTE)
  t.strictSame(
    runs.map(({ at }) => at - HAND_CLOCK_START),
    Array.from({ length: 10 }, (_, i) => (i + 1) * MINUTE),
  )
  t.ok(runs.slice(5).every(({ server }) => server >= 5))
  for (const { closing } of servers) closing.abort()
  await Promise.all(servers.map(({ done }) => done))
})

t.test(
  'a period that was taken by a clock a day ahead stops nobody; two that differ by a period do not fight',
  async (t) => {
    const store = await openEmbeddedStore()
    t.teardown(() => store.close())
    const now = 1000
    t.equal(await store.timers.take('eventDispatch', now + 1440), true)
    t.equal(await store.timers.take('eventDispatch', now), true)
    t.equal(await store.timers.take('eventDispatch', now), false)
    t.equal(await store.timers.take('eventDispatch', now + 1), true)
    t.equal(await store.timers.take('eventDispatch', now), false)
    t.equal(await store.timers.take('billReconcile', now), true, 'each timer for itself')
  },
)

t.test(
  'a store that is away leaves the period to others, and a run that is too long makes the next one late',
  async (t) => {
    const clock = handClock()
    const store = await openEmbeddedStore()
    t.teardown(() => store.close())
    const closing = new AbortController()
    const failures: string[] = []
    let isAway = true
    const runs: number[] = []
    const timer: Timer = {
      ...{ name: 'tokenRefresh', every: '1m' },
      async run() {
        runs.push(clock.now() - HAND_CLOCK_START)
        await clock.sleep(2.5 * MINUTE)
      },
    }
    const open = async () => (isAway ? Promise.reject(new Error('away')) : store)
    const done = runTimer(timer, {
      ...{ clock, store: open, closing: closing.signal },
      failed: (error) => void failures.push((error as Error).message),
    })
    await clock.advance(MINUTE)
    isAway = false
    await clock.advance(6 * MINUTE)
    t.strictSame(failures, ['away'])
    t.strictSame(runs, [2 * MINUTE, 4.5 * MINUTE, 7 * MINUTE])
    closing.abort()
    await clock.advance(3 * MINUTE)
    await done
  },
)
