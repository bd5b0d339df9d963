import t from 'tap'
import { periodMs } from '../../../shared/server/schedule.js'
import { handClock } from '../../support/clock.js'
import { ECHO, failureOf, logged, openLocalCloud, plain } from './localCloud.js'

const START = Date.parse('2024-01-01T00:00:00Z')
const HOST = "globalThis[Symbol.for('unicloud-openapi.host')]"

const every5m = { every: '5m', timeout: 600 } as const

/** Logs the start and the end of each run, which takes `ms` on the local cloud's clock. */
const slow = (ms: number) => `
  let runs = 0
  exports.main = async () => {
    const run = ++runs
    const { log, clock } = ${HOST}
    log('start ' + run)
    await clock.sleep(${ms})
    log('end ' + run)
    return { run }
  }
  exports.handler = async () => 0`

t.test('a timer is fired as uniCloud fires one', async (t) => {
  const clock = handClock(undefined, START)
  const { cloud } = await openLocalCloud(t, { tick: { ...ECHO, config: every5m } }, { clock })
  const time = '2024-01-01T00:00:00.000Z'
  const expected = {
    event: {
      triggerName: 'TIMER_LATEST',
      triggerTime: time,
      Time: time,
      TriggerName: 'TIMER_LATEST',
      Type: 'Timer',
    },
    context: { SOURCE: 'timing', FUNCTION_NAME: 'tick' },
  }
  t.match(await cloud.fire('tick'), expected)
  const { status, text } = await plain(`${cloud.url}/timers/tick`, { method: 'POST' })
  t.equal(status, 200)
  t.match(JSON.parse(text), expected)
})

t.test('what has no schedule has no timer', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO, tick: { ...ECHO, config: every5m } })
  t.match(await failureOf(cloud.fire('echo')), { message: /no schedule; those with one: tick/ })
  t.match(await plain(`${cloud.url}/timers/echo`, { method: 'POST' }), { status: 404, text: /tick/ })
  t.match(await plain(`${cloud.url}/timers/tick`), { status: 405 })
})

t.test('schedules run by themselves, and not at all unless asked to', async (t) => {
  for (const schedules of [true, false]) {
    const clock = handClock(undefined, START)
    const functions = { tick: { code: slow(0), config: every5m } }
    const { cloud, lines } = await openLocalCloud(t, functions, { clock, schedules })
    await clock.advance(5 * 60_000 - 1)
    t.strictSame(lines, [])
    await clock.advance(10 * 60_000 + 1)
    const three = [1, 2, 3].flatMap((run) => [`start ${run}`, `end ${run}`])
    t.strictSame(lines, schedules ? three : [])
    await cloud.close()
    await clock.advance(60 * 60_000)
    t.equal(lines.length, schedules ? 6 : 0, 'nothing runs after close')
  }
})

t.test('a daily timer runs at its time in Beijing, and twice more for what was cut', async (t) => {
  const clock = handClock(undefined, START)
  const functions = { daily: { code: slow(0), config: { every: '1d', at: '10:30', timeout: 60 } } }
  const { lines } = await openLocalCloud(t, functions, { clock, schedules: true })
  const runsAfter = async (minutes: number): Promise<number> => {
    await clock.advance(minutes * 60_000)
    return lines.filter((line) => line.includes('start')).length
  }
  t.equal(await runsAfter(149), 0, '10:29 in Beijing')
  t.equal(await runsAfter(1), 1)
  t.equal(await runsAfter(20), 3)
  t.equal(await runsAfter(24 * 60 - 20), 4, 'the next day')
})

t.test('two runs of one timer never overlap', async (t) => {
  const clock = handClock(undefined, START)
  const functions = { tick: { code: slow(7 * 60_000), config: every5m } }
  const { cloud, lines } = await openLocalCloud(t, functions, { clock, schedules: true })
  await clock.advance(6 * 60_000)
  t.strictSame(lines, ['start 1'])
  const fired = cloud.fire('tick')
  await clock.advance(60_000)
  t.strictSame(lines, ['start 1'], 'a run by hand waits for the one under way')
  await clock.advance(5 * 60_000)
  t.strictSame(lines, ['start 1', 'end 1', 'start 2'])
  await clock.advance(7 * 60_000)
  t.match(await fired, { run: 2 })
  const order = lines.map((line) => line.split(' ')[0])
  t.ok(
    order.every((word, i) => word === (i % 2 === 0 ? 'start' : 'end')),
    lines.join(', '),
  )
  const closed = cloud.close()
  await clock.advance(7 * 60_000)
  await closed
})

t.test('a run that fails does not end the schedule', async (t) => {
  const clock = handClock(undefined, START)
  const code = `
    let runs = 0
    exports.main = async () => { ${HOST}.log('run ' + ++runs); throw new Error('down') }
    exports.handler = async () => 0`
  const opened = await openLocalCloud(t, { tick: { code, config: every5m } }, { clock, schedules: true })
  await clock.advance(10 * 60_000)
  await logged(opened, 'run 2')
  t.match(await plain(`${opened.cloud.url}/timers/tick`, { method: 'POST' }), { status: 500, text: /down/ })
})

t.test('periods', async (t) => {
  t.strictSame(['30s', '5m', '12h', '1d'].map(periodMs), [30_000, 300_000, 43_200_000, 86_400_000])
  for (const wrong of ['', '5', 'm', '0m', '5 m', '5w', '-5m', '1.5h']) t.throws(() => periodMs(wrong), wrong)
})
