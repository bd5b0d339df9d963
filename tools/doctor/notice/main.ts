import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chosenSettings, runCommand, SETTINGS_USAGE, settingsOptions } from '../command.js'
import { languageOf } from '../words.js'
import { openWorld } from '../world.js'
import { readCapture } from './capture.js'
import { inquire } from './inquest.js'
import { report } from './report.js'

/** `npm run coroner`: why a captured callback does not verify. Exits with 0 when it does, with 1 when not, else with 2. */

const USAGE = `npm run coroner -- [options] [file]

The file, or standard input, holds a callback: HTTP text, its body alone, or evidence from the store.

  --at <time>      when it came: 2026-01-31T12:00:00+08:00, or milliseconds; else its time is not judged
${SETTINGS_USAGE}`

const options = {
  at: { type: 'string' },
  ...settingsOptions,
} as const

const STDIN = 0

/** Milliseconds. Throws when it is no time. */
function timeIn(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(time)) throw new Error(`--at ${text} is no time`)
  return time
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const { at, lang, help } = values
  if (help) {
    console.log(USAGE)
    return 0
  }
  const [path, ...more] = positionals
  if (more.length > 0) throw new Error('one file at a time')
  const world = openWorld(chosenSettings(values))
  const kept = readCapture(readFileSync(path ?? STDIN), world.settings)
  const capture = at === undefined ? kept : { ...kept, at: timeIn(at) }
  const inquest = await inquire(world, capture).finally(() => world.close())
  const language = languageOf(lang, process.env)
  const told = report(inquest, { language, isTimed: capture.at !== undefined, secrets: world.secrets })
  if (!inquest.verdict) throw new Error(told)
  console.log(told)
  return inquest.verdict.reading.authentic ? 0 : 1
}

await runCommand(USAGE, main)
