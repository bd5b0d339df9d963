import { styleText } from 'node:util'
import { systemClock } from '../../shared/clock.js'

/** What one step reports: a sentence for people, facts for machines, a value for the steps after it. */
export interface StepResult<Value> {
  text: string
  facts: Record<string, unknown>
  value: Value
}

/** Runs one step and reports it; a step that fails is named by a {@link StepFailed}. */
export type RunStep = <Value>(name: string, play: () => Promise<StepResult<Value>>) => Promise<Value>

export class StepFailed extends Error {
  constructor(
    readonly step: string,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

export interface Report {
  step: RunStep
  /** The last line of a report that went well. */
  end(text: string, facts: Record<string, unknown>): void
  /** What went wrong, and what the functions logged last. */
  failed(error: unknown, lines: readonly string[]): void
}

export interface Form {
  /** One JSON object a line instead of sentences. */
  json: boolean
  colour: boolean
  print: (line: string) => void
}

/** Reports as it happens. */
export const reportIn = (form: Form): Report => (form.json ? jsonReport(form) : plainReport(form))

const NAME_WIDTH = 18
const LAST_LINES = 5

function plainReport({ colour, print }: Form): Report {
  const paint = (style: 'bold' | 'green' | 'red' | 'dim', text: string) =>
    // Whether there is somebody to see colours was decided by the caller.
    colour ? styleText(style, text, { validateStream: false }) : text
  let number = 0
  return {
    async step(name, play) {
      const { result, ms } = await timed(name, play)
      number += 1
      const label = `${String(number).padStart(2)}  ${name.padEnd(NAME_WIDTH)}`
      print(`${paint('green', label)} ${result.text} ${paint('dim', `${ms} ms`)}`)
      return result.value
    },
    end: (text) => print(`\n${paint('bold', text)}`),
    failed(error, lines) {
      const { step, reason } = described(error)
      print(`\n${paint('red', `failed at: ${step}`)}\n    ${reason}`)
      for (const line of lines.slice(-LAST_LINES)) print(paint('dim', `    ${line}`))
    },
  }
}

function jsonReport({ print }: Form): Report {
  const line = (fields: object) => print(JSON.stringify(fields))
  return {
    async step(name, play) {
      const { result, ms } = await timed(name, play)
      line({ step: name, ok: true, ms, ...result.facts })
      return result.value
    },
    end: (text, facts) => line({ step: 'end', ok: true, text, ...facts }),
    failed(error) {
      const { step, reason } = described(error)
      line({ step, ok: false, error: reason })
    },
  }
}

async function timed<Value>(name: string, play: () => Promise<StepResult<Value>>) {
  const startedAt = systemClock.now()
  try {
    return { result: await play(), ms: systemClock.now() - startedAt }
  } catch (error) {
    throw new StepFailed(name, error)
  }
}

function described(error: unknown): { step: string; reason: string } {
  if (error instanceof StepFailed) return { step: error.step, reason: error.message }
  return { step: 'setting up', reason: error instanceof Error ? error.message : String(error) }
}
