import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { givenSettings } from '../doctor/given.js'
import { languageOf } from '../doctor/words.js'
import { openWorld } from '../doctor/world.js'
import { readCapture } from './capture.js'
import { inquire } from './inquest.js'
import { report } from './report.js'

/** `npm run coroner`: why a captured callback does not verify. Exits with 0 when it does, with 1 when not, else with 2. */

const USAGE = `npm run coroner -- [options] [file]

The file, or standard input, holds a callback: HTTP text, its body alone, or evidence from the store.

  --at <time>      when it came: 2026-01-31T12:00:00+08:00, or milliseconds; else its time is not judged
  --lang en|zh     the language; by default the shell's
  --stage <name>   reads .env and .env.<name>; dev by default, as serverless deploy
  --env <file>     reads this file instead: like .env, or a JSON object (config.json of uni-config-center)
`

const options = {
  at: { type: 'string' },
  lang: { type: 'string' },
  stage: { type: 'string', default: 'dev' },
  env: { type: 'string' },
  help: { type: 'boolean', default: false },
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
  const { at, lang, stage, env: file, help } = values
  if (help) {
    console.log(USAGE)
    return 0
  }
  const [path, ...more] = positionals
  if (more.length > 0) throw new Error('one file at a time')
  const places = { folder: process.cwd(), stage, shell: process.env, ...(file === undefined ? {} : { file }) }
  const world = openWorld(givenSettings(places))
  const kept = readCapture(readFileSync(path ?? STDIN), world.settings)
  const capture = at === undefined ? kept : { ...kept, at: timeIn(at) }
  const inquest = await inquire(world, capture).finally(() => world.close())
  const language = languageOf(lang, process.env)
  const told = report(inquest, { language, isTimed: capture.at !== undefined, secrets: world.secrets })
  if (!inquest.verdict) throw new Error(told)
  console.log(told)
  return inquest.verdict.reading.authentic ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  console.error(USAGE)
  process.exitCode = 2
}
