import type { Clock } from '../clock.js'
import { asOpenapiError, openapiError, TIMEOUT } from '../errors/index.js'
import { type Context, functionName, type HttpReply, type Operation } from '../operation/index.js'
import { type FunctionAnswer, refusal, success } from './answer.js'
import type { Arrival } from './arrival.js'
import type { Door, RunResult } from './door.js'
import { currentHost, type Host } from './host.js'
import { contextFor, settingsOf, type Trace } from './invocation.js'
import { explain, maskText } from './log.js'

/** What goes back: fields for a caller by SDK, a whole HTTP response for a caller by URL. */
export type ServedCall = { answer: FunctionAnswer } | { reply: HttpReply }

export interface Serving {
  operation: Operation
  door: Door
  /** Seconds. */
  timeout: number
  /** Who runs it, where that is not the one of the process. */
  host?: Host
}

/** Takes one call from arrival to answer. Never throws, and answers before the platform would cut it off. */
export async function serve(serving: Serving, arrival: Arrival): Promise<ServedCall> {
  const { outcome, context } = await run(serving, arrival)
  const { unreadable } = arrival
  if (context.httpCall) {
    const reply = serving.door.reply(outcome, serving.operation, context)
    return { reply: unreadable ? { ...reply, status: unreadable.status } : reply }
  }
  return {
    answer: 'error' in outcome ? refusal(outcome.error, context) : success(outcome.result),
  }
}

/** Takes one call from arrival to outcome, in time, and logs it. */
export async function run(
  { operation, door, timeout, host = currentHost() }: Serving,
  arrival: Arrival,
): Promise<{ outcome: RunResult; context: Context }> {
  const { context, trace, deadline } = contextFor(settingsOf(operation, door), arrival, timeout, host)
  const startedAt = context.clock.now()
  const { unreadable } = arrival
  const work = unreadable ? Promise.reject(unreadable) : door.enter(operation, arrival, context)
  const outcome = await resultOf(inTime(work, deadline, context.clock))
  writeLog(operation, context, trace, context.clock.now() - startedAt, outcome, host)
  return { outcome, context }
}

async function resultOf(work: Promise<unknown>): Promise<RunResult> {
  try {
    return { result: await work }
  } catch (error) {
    return { error: asOpenapiError(error) }
  }
}

function writeLog(
  operation: Operation,
  context: Context,
  trace: Trace,
  ms: number,
  outcome: RunResult,
  { log = console.log }: Host,
): void {
  const failed = 'error' in outcome ? outcome.error : undefined
  const secrets = context.settings.secrets()
  const line = {
    at: new Date(context.clock.now()).toISOString(),
    fn: functionName(operation.name),
    source: context.source,
    requestId: context.requestId,
    ms,
    errCode: failed?.errCode ?? 0,
    ...(failed ? { error: maskText(explain(failed), secrets) } : {}),
    ...(trace.upstream.length > 0 ? { upstream: trace.upstream } : {}),
    ...(trace.notes.length > 0 ? { notes: trace.notes } : {}),
  }
  log(maskText(JSON.stringify(line), secrets))
}

/** Answers in time whatever happens: late work is left behind, and the caller learns that its outcome is open. */
async function inTime<T>(work: Promise<T>, deadline: number, clock: Clock): Promise<T> {
  const done = new AbortController()
  const tooLate = clock.sleep(deadline - clock.now(), done.signal).then((): never => {
    throw openapiError(TIMEOUT)
  })
  tooLate.catch(() => undefined)
  try {
    return await Promise.race([work, tooLate])
  } finally {
    done.abort()
    work.catch(() => undefined)
  }
}
