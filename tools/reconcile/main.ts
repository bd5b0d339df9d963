import { beijingDay, beijingDayStart, systemClock } from '../../shared/clock.js'
import { argumentsOf, commands, takesColours } from '../command/index.js'
import { chosenSettings, languageOf, runCommand } from '../doctor/command.js'
import { settingsFrom } from '../doctor/doctor.js'
import { openRecords } from '../records/open.js'
import { writeCsv } from './csv.js'
import { progressOn } from './progress.js'
import { openIn, plainReport } from './report.js'
import { reconcileDays } from './run.js'

/**
 * `npm run reconcile -- --date 2026-11-29`: compares the bills of a day with the orders of a deployment, and ends with 0
 * when nothing is open, with 1 when something is, with 2 when it could not begin.
 */

/** `yyyyMMdd`. Throws for what is no day, or one that is not over. */
function dayIn(text: string | undefined, now: number): string {
  if (text === undefined) return beijingDay(beijingDayStart(now) - 1)
  const day = text.replaceAll('-', '')
  const isDay = /^\d{8}$/.test(day) && beijingDay(Date.parse(`${dashed(day)}T00:00:00+08:00`) || 0) === day
  if (!isDay) throw new Error(`--date ${text} is no day; expected something like 2026-11-29`)
  if (day >= beijingDay(now)) throw new Error(`--date ${text}: a bill is made on the morning after`)
  return day
}

const dashed = (day: string): string => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`

async function main(): Promise<number> {
  const { values } = argumentsOf('reconcile')
  const day = dayIn(values.date, systemClock.now())
  const settings = settingsFrom(chosenSettings(values).settings)
  const { lang, data, provider, csv = `reconcile-${dashed(day)}.csv` } = values
  const colour = takesColours(process.stdout)
  const language = languageOf(lang, process.env)
  const store = await openRecords(settings, data)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  try {
    const progress = progressOn(process.stderr, language)
    const named = { provider, merchantId: values['mch-id'] }
    const results = await reconcileDays({ settings, store, day, named, progress, signal: stop.signal })
    const file = (await writeCsv(csv, results)) ? csv : undefined
    const isStopped = stop.signal.aborted
    process.stdout.write(plainReport(results, { language, colour, day: dashed(day), isStopped, file }))
    return openIn(results) === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

await runCommand(commands.reconcile.usage, main)
