import { parseArgs } from 'node:util'
import { runChecks } from './check.js'
import { checks } from './checks/index.js'
import { chosenSettings, languageOf, runCommand, SETTINGS_USAGE, settingsOptions } from './command.js'
import { openDoctor } from './doctor.js'
import { countsOf, jsonReport, labels, plainReport } from './report.js'

/**
 * `npm run doctor` looks at the settings and at what they lead to, and exits with 0 when nothing is wrong, else with 1.
 * `npm run doctor -- notice` explains one captured callback.
 */

const USAGE = `npm run doctor -- [options]
npm run doctor -- notice [options] [file]   why a captured callback does not verify

  --offline        looks at the settings alone; nothing leaves this machine
  --json           prints one JSON object in place of sentences
${SETTINGS_USAGE}`

const options = {
  offline: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  ...settingsOptions,
} as const

/** Throws for arguments and files that cannot be read, which ends with 2. */
function parsed() {
  const { values } = parseArgs({ options })
  return { ...values, chosen: chosenSettings(values) }
}

async function main(): Promise<number> {
  const { offline, json, lang, chosen, help } = parsed()
  if (help) {
    console.log(USAGE)
    return 0
  }
  const language = languageOf(lang, process.env)
  const doctor = openDoctor({ ...chosen, offline })
  const progress = progressOn(process.stderr, labels[language].looking)
  const results = await runChecks(doctor, checks, progress.step).finally(() => doctor.close())
  progress.end()
  const { NO_COLOR, TERM } = process.env
  const colour = process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb'
  const report = json ? `${jsonReport(results, language)}\n` : plainReport(results, { language, colour })
  process.stdout.write(report)
  return countsOf(results).error === 0 ? 0 : 1
}

/** On a terminal a line that is rewritten, in a log one line at the start. */
function progressOn(stream: NodeJS.WriteStream, looking: string) {
  const line = looking.replace('{all}', String(checks.length))
  if (!stream.isTTY) stream.write(`${line}\n`)
  return {
    step: (done: number, all: number) => {
      if (stream.isTTY) stream.write(`\r${done}/${all} ${line}`)
    },
    end: () => {
      if (stream.isTTY) stream.write('\r\u001b[K')
    },
  }
}

const [subcommand, ...args] = process.argv.slice(2)

if (subcommand === 'notice') {
  const { NOTICE_USAGE, explainCapture } = await import('./notice/main.js')
  await runCommand(NOTICE_USAGE, () => explainCapture(args))
} else {
  await runCommand(USAGE, main)
}
