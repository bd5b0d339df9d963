import { parseArgs } from 'node:util'
import { checks } from './checks/index.js'
import { chosenSettings, runCommand, SETTINGS_USAGE, settingsOptions } from './command.js'
import { examine } from './examine.js'
import { countsOf, jsonReport, plainReport } from './report.js'
import { languageOf, words } from './words.js'
import { openWorld } from './world.js'

/** `npm run doctor`: looks at the settings and at what they lead to. Exits with 0 when nothing is wrong, else with 1. */

const USAGE = `npm run doctor -- [options]

  --offline        looks at the settings alone; nothing leaves this machine
  --json           prints one JSON object in place of sentences
${SETTINGS_USAGE}`

const options = {
  offline: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  ...settingsOptions,
} as const

/** Arguments and files that cannot be read are the caller's matter, and end with 2. */
function prepared() {
  const { values } = parseArgs({ options })
  return { ...values, given: chosenSettings(values) }
}

async function main(): Promise<number> {
  const { offline, json, lang, given, help } = prepared()
  if (help) {
    console.log(USAGE)
    return 0
  }
  const language = languageOf(lang, process.env)
  const world = openWorld({ ...given, offline })
  const progress = progressOn(process.stderr, words[language].looking)
  const examined = await examine(world, checks, progress.step).finally(() => world.close())
  progress.end()
  const { NO_COLOR, TERM } = process.env
  const colour = process.stdout.isTTY === true && !NO_COLOR && TERM !== 'dumb'
  const report = json ? `${jsonReport(examined, language)}\n` : plainReport(examined, { language, colour })
  process.stdout.write(report)
  return countsOf(examined).error === 0 ? 0 : 1
}

/** A line that changes where somebody looks on, and one line at the start for a log. */
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

await runCommand(USAGE, main)
