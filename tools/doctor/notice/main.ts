import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { chosenSettings, languageOf, SETTINGS_USAGE, settingsOptions } from '../command.js'
import { openDoctor } from '../doctor.js'
import { readCapture } from './capture.js'
import { diagnoseCapture } from './diagnose.js'
import { report } from './report.js'

export const NOTICE_USAGE = `npm run doctor -- notice [options] [file]

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

/** Prints why a captured callback does not verify. Answers 0 when it does, 1 when it does not; throws where neither shows. */
export async function explainCapture(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const { at, lang, help } = values
  if (help) {
    console.log(NOTICE_USAGE)
    return 0
  }
  const [path, ...more] = positionals
  if (more.length > 0) throw new Error('one file at a time')
  const doctor = openDoctor(chosenSettings(values))
  const read = readCapture(readFileSync(path ?? STDIN), doctor.settings)
  const capture = at === undefined ? read : { ...read, at: timeIn(at) }
  const diagnosis = await diagnoseCapture(doctor, capture).finally(() => doctor.close())
  const language = languageOf(lang, process.env)
  const { secrets } = doctor
  const text = report(diagnosis, { language, isTimed: capture.at !== undefined, secrets })
  if (!diagnosis.best) throw new Error(text)
  console.log(text)
  return diagnosis.best.reading.authentic ? 0 : 1
}
