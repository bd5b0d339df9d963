import t from 'tap'
import { cronOf } from '../../tools/build/unicloud/cron.js'

const timer = (every: string, name = 'tokenRefresh') => cronOf(every, name)

/** The minutes of a day at which a cron of these forms fires. */
function firings(cron: string): number[] {
  const [, minute = '', hour = ''] = cron.split(' ')
  const matching = (field: string, count: number) =>
    [...Array(count).keys()].filter((value) => matches(field, value))
  return matching(hour, 24).flatMap((h) => matching(minute, 60).map((m) => h * 60 + m))
}

const matches = (field: string, value: number): boolean =>
  field === '*' || (field.startsWith('*/') ? value % Number(field.slice(2)) === 0 : value === Number(field))

t.test('periods of minutes are on the minute', async (t) => {
  t.equal(timer('1m'), '0 * * * * * *')
  t.equal(timer('60s'), '0 * * * * * *')
  t.equal(timer('5m'), '0 */5 * * * * *')
  t.equal(timer('30m'), '0 */30 * * * * *')
})

t.test('a timer fires as often as it says, all day', async (t) => {
  for (const [every, minutes] of [
    ['1m', 1],
    ['5m', 5],
    ['20m', 20],
    ['1h', 60],
    ['60m', 60],
    ['2h', 120],
    ['12h', 720],
    ['1d', 1440],
    ['24h', 1440],
  ] as const) {
    const times = firings(timer(every))
    t.equal(times.length, (24 * 60) / minutes, every)
    t.ok(
      times.every((time, i) => i === 0 || time - (times[i - 1] ?? 0) === minutes),
      every,
    )
  }
})

t.test('hourly and rarer timers keep away from the full hour and from each other', async (t) => {
  const names = ['tokenRefresh', 'certificateRefresh', 'billCheck', 'orderSweep', 'refundCheck']
  const minutes = names.map((name) => Number(timer('12h', name).split(' ')[1]))
  t.ok(
    minutes.every((minute) => minute % 2 === 1 && minute < 60),
    minutes.join(),
  )
  t.equal(new Set(minutes).size, names.length, minutes.join())
  t.equal(timer('12h'), timer('12h'), 'the same at every build')
})

t.test('what has a time of its own runs then, and twice more for what was cut', async (t) => {
  t.equal(cronOf('1d', 'billReconcile', '10:30'), '0 30,40,50 10 * * * *')
})

t.test('what no cron can say is refused', async (t) => {
  for (const every of ['30s', '90s', '7m', '90m', '5h', '36h', '2d']) {
    t.throws(() => timer(every), { name: 'Refusal', message: new RegExp(`runs every ${every}`) })
  }
  t.throws(() => timer('often'), /expected something like 5m/)
})
