import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { localEnvironment } from '../config/environment.js'
import { functionNamed, type ProjectFunction } from '../config/project.js'
import { DeployFailure } from '../failure.js'
import type { Options } from '../framework.js'
import type { Session } from '../session.js'
import { eventOf, readable, refusalIn } from './event.js'

/**
 * `invoke local -f NAME`: the built function on this machine, with the settings it would have in the cloud. A function that
 * refuses fails the command as one that crashes does, its answer on standard output all the same.
 */
export async function invokeLocalCommand(session: Session): Promise<void> {
  const { project, given, options } = session
  const [key, entry] = functionNamed(project, options)
  const file = join(project.folder, entry.source ?? join('dist', 'functions', key), 'index.js')
  if (!existsSync(file))
    throw new DeployFailure('NOT_BUILT', `${key} is not in ${file}: run npm run build first`)
  const env = { ...localEnvironment(key, entry, project, given), ...overrides(options) }
  const answer = await runHere({ key, entry, file, env, event: eventOf(session) })
  session.answer(readable(answer))
  const refusal = refusalIn(answer)
  if (refusal !== undefined) throw new DeployFailure('FUNCTION_FAILED', `${key} answered ${refusal}`)
}

/** `--env NAME=value`, any number of them. */
function overrides({ env }: Options): Record<string, string> {
  const pairs = typeof env === 'string' ? [env] : Array.isArray(env) ? env.map(String) : []
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
      if (name === undefined || value === undefined) {
        throw new DeployFailure('INVALID_DATA', `--env takes NAME=value, not ${pair}`)
      }
      return [name, value]
    }),
  )
}

interface LocalRun {
  key: string
  entry: ProjectFunction
  /** The bundle. */
  file: string
  env: Record<string, string>
  event: string
}

/** A thread of its own has its own environment, and can be ended when the time is up. */
async function runHere({ key, entry, file, env, event }: LocalRun): Promise<string> {
  const { timeout = 20, memorySize = 256 } = entry
  const context = {
    function: { name: key, handler: 'index.handler', memory: memorySize, timeout },
    region: 'local',
  }
  // The function's own log goes to standard error, so that standard output is its answer alone.
  const worker = new Worker(join(import.meta.dirname, 'localRun.cjs'), {
    // Nothing of how this process was started: the cloud has no loaders either.
    execArgv: [],
    ...{ env, stdout: true, workerData: { file, event, context } },
  })
  worker.stdout.pipe(process.stderr, { end: false })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.once('message', ({ result, error }: { result?: string; error?: string }) =>
        error === undefined ? resolve(result ?? '') : reject(failed(key, error)),
      )
      worker.once('error', (error) => reject(failed(key, String(error))))
      worker.once('exit', () => reject(failed(key, 'it ended without an answer')))
      timer = setTimeout(() => reject(failed(key, `it took more than its ${timeout} s`)), timeout * 1000)
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

const failed = (key: string, why: string): DeployFailure =>
  new DeployFailure('FUNCTION_FAILED', `${key} failed: ${why}`)
