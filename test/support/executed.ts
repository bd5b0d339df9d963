import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** One call of one function, and the store and settings that it finds. */
export interface Step {
  /** Of the function's folder. */
  name: string
  event: object
  context: object
  env: Record<string, string>
  /** Of the embedded store. */
  folder: string
}

export interface Executed {
  answer: Record<string, unknown>
  /** Paths below `shared/`, in order, of which a function ran (V8 coverage). Without the embedded store: it never ships. */
  files: string[]
}

/** Makes one call in a process of its own, from the sources. */
export async function executed(step: Step): Promise<Executed> {
  const child = join('test', 'support', 'executing.ts')
  const command = ['--import', import.meta.resolve('tsx'), child, JSON.stringify(step)]
  // Without the loaders of the test's own process.
  const { NODE_OPTIONS: _loaders, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, command, { env })
  return JSON.parse(stdout)
}
