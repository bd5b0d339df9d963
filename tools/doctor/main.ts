import { argumentsOf, commands, progressBar, takesColours } from '../command/index.js'
import { runChecks } from './check.js'
import { checks } from './checks/index.js'
import { chosenSettings, languageOf, runCommand } from './command.js'
import { openDoctor } from './doctor.js'
import { countsOf, jsonReport, labels, plainReport } from './report.js'

/**
 * `npm run doctor` looks at the settings and at what they lead to, and exits with 0 when nothing is wrong, else with 1.
 * `npm run doctor -- notice` explains one captured callback.
 */

async function main(): Promise<number> {
  const { values } = argumentsOf('doctor')
  const { offline, json, lang } = values
  const chosen = chosenSettings(values)
  const language = languageOf(lang, process.env)
  const doctor = openDoctor({ ...chosen, offline })
  const looking = labels[language].looking.replace('{all}', String(checks.length))
  const progress = progressBar(process.stderr, looking)
  const results = await runChecks(doctor, checks, progress.step).finally(() => doctor.close())
  progress.end()
  const colour = takesColours(process.stdout)
  const report = json ? `${jsonReport(results, language)}\n` : plainReport(results, { language, colour })
  process.stdout.write(report)
  return countsOf(results).error === 0 ? 0 : 1
}

const [subcommand, ...args] = process.argv.slice(2)

if (subcommand === 'notice') {
  const { explainCapture } = await import('./notice/main.js')
  await runCommand(commands.coroner.usage, () => explainCapture(args))
} else {
  await runCommand(commands.doctor.usage, main)
}
