import { systemClock } from '../../shared/clock.js'
import { argumentsOf, takesColours } from '../command/index.js'
import type { ProviderName } from '../emulator/platforms/index.js'
import { playPayment } from './play.js'
import { reportIn } from './report.js'
import { type DemoSetup, setUp } from './setup.js'

/**
 * `npm run demo [-- --provider weixin-v2|alipay] [--json]`: one whole payment on this machine, WeChat Pay V3 unless said
 * otherwise. With `--day` a merchant's whole day with all three. Exits with 0, or with 1 and the step that failed.
 */

const { values } = argumentsOf('demo')

const report = reportIn({
  json: values.json,
  colour: takesColours(process.stdout),
  print: (line) => console.log(line),
})

// Whoever reads only the first lines has seen enough.
process.stdout.on('error', () => process.exit())

let setup: Pick<DemoSetup, 'lines' | 'close'> | undefined
try {
  if (values.day) {
    const [{ openDay }, { openingOf, playDay }] = await Promise.all([
      import('./day/world.js'),
      import('./day/play.js'),
    ])
    const world = await openDay('dist', openingOf(systemClock.now()))
    setup = world
    await playDay(world, report)
  } else {
    const payment = await setUp('dist', values.provider as ProviderName)
    setup = payment
    await playPayment(payment, report)
  }
} catch (error) {
  report.failed(error, setup?.lines ?? [])
  process.exitCode = 1
} finally {
  await setup?.close()
}
