import { readFileSync } from 'node:fs'
import { argumentsOf, timeIn } from '../../command/index.js'
import { chosenSettings, languageOf } from '../command.js'
import { openDoctor } from '../doctor.js'
import { readCapture } from './capture.js'
import { diagnoseCapture } from './diagnose.js'
import { report } from './report.js'

const STDIN = 0

/** Prints why a captured callback does not verify. Answers 0 when it does, 1 when it does not; throws where neither shows. */
export async function explainCapture(args: string[]): Promise<number> {
  const { values, words } = argumentsOf('coroner', args)
  const { at, lang } = values
  const [path] = words
  const doctor = openDoctor(chosenSettings(values))
  const read = readCapture(readFileSync(path ?? STDIN), doctor.settings)
  const capture = at === undefined ? read : { ...read, at: timeIn('at', at) }
  const diagnosis = await diagnoseCapture(doctor, capture).finally(() => doctor.close())
  const language = languageOf(lang, process.env)
  const { secrets } = doctor
  const text = report(diagnosis, { language, isTimed: capture.at !== undefined, secrets })
  if (!diagnosis.best) throw new Error(text)
  console.log(text)
  return diagnosis.best.reading.authentic ? 0 : 1
}
