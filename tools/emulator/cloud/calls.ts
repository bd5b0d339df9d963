import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock, Random } from '../../../shared/clock.js'
import { nonce } from '../../../shared/clock.js'
import type { FunctionConfig } from '../../../shared/runtime/config.js'
import type { Bundle, Bundles } from './bundles.js'
import type { EditionLimits } from './limits.js'

/** What the doors share: the functions, the time, and how to run one. */
export interface CloudContext {
  readonly bundles: Bundles
  readonly clock: Clock
  readonly random: Random
  /** Of the edition of uniCloud that is emulated. */
  readonly limits: EditionLimits
  /** One line of the local cloud's own log; secrets are masked on the way. */
  log(line: string): void
  /** Hides the secret settings in a text that leaves the local cloud. */
  mask(text: string): string
  /** Work nobody waits for, which `close()` still has to wait for. */
  background(work: Promise<unknown>): void
  /** Fires when the local cloud closes. */
  readonly closing: AbortSignal
}

/**
 * A function that did not answer. `handled`: it called back with an error; `unhandled`: it threw, could not be
 * loaded, or answered what cannot be sent; `timeout`: it was cut off. `message` is fit for the caller.
 */
export class FunctionFailure extends Error {
  constructor(
    readonly kind: 'handled' | 'unhandled' | 'timeout',
    readonly errorType: string,
    message: string,
  ) {
    super(message)
  }
}

interface Running {
  name: string
  lines: string[]
}

const running = new AsyncLocalStorage<Running>()

/** The function in whose asynchronous context this code runs, its leftovers after an answer included. */
export const runningFunction = (): string | undefined => running.getStore()?.name

/** Keeps a function's log line with the invocation that wrote it. */
export function keepLine(line: string): void {
  running.getStore()?.lines.push(line)
}

export interface Call {
  config: FunctionConfig
  requestId: string
  /** Seconds the caller or the platform has patience for; the function's own limit still holds. */
  patience?: number
  work(bundle: Bundle): unknown
}

export const newRequestId = ({ random }: CloudContext): string => nonce(random)

/**
 * Runs one function once and answers what it answered, with the lines it logged. Throws {@link FunctionFailure}
 * and nothing else; the stack goes to the log.
 */
export async function runCall(
  cloud: CloudContext,
  call: Call,
): Promise<{ result: unknown; lines: string[] }> {
  const { config, requestId } = call
  const seconds = Math.min(config.timeout, call.patience ?? config.timeout)
  const invocation: Running = { name: config.name, lines: [] }
  const work = running.run(invocation, async () => call.work(cloud.bundles.load(config)))
  try {
    return { result: await withinTime(cloud.clock, seconds, work), lines: invocation.lines }
  } catch (error) {
    const failure = asFailure(cloud, error)
    const stack = error instanceof Error ? error.stack : String(error)
    cloud.log(`${config.name} ${requestId} ${failure.kind}: ${stack}`)
    throw failure
  }
}

async function withinTime<T>(clock: Clock, seconds: number, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const cut = clock.sleep(seconds * 1000, done.signal).then((): never => {
    throw new FunctionFailure('timeout', 'FunctionTimedOut', `Function timed out after ${seconds} seconds`)
  })
  cut.catch(() => undefined)
  work.catch(() => undefined)
  try {
    return await Promise.race([work, cut])
  } finally {
    done.abort()
  }
}

/** The caller reads the first line of a thrown error's text: the rest of a failed `require` is paths of this machine. */
function asFailure({ mask }: CloudContext, error: unknown): FunctionFailure {
  const kind = error instanceof FunctionFailure ? error.kind : 'unhandled'
  const type = error instanceof FunctionFailure ? error.errorType : nameOf(error)
  const text = error instanceof Error ? error.message : String(error)
  return new FunctionFailure(kind, type, mask(text.split('\n')[0] ?? ''))
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
