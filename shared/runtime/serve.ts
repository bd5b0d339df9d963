import { asOpenapiError, forbidden, type OpenapiError } from '../errors/index.js'
import { type Context, functionName, type HttpReply, type Operation, validate } from '../operation/index.js'
import { type Answer, jsonReply, refusal, success } from './answer.js'
import type { Arrival } from './arrival.js'
import { inTime } from './deadline.js'
import { contextFor, type Trace } from './door.js'
import { currentHost } from './host.js'
import { explain, maskText } from './log.js'

/** What goes back: fields for a caller by SDK, a whole HTTP response for a caller by URL. */
export type Outcome = { answer: Answer } | { reply: HttpReply }

export interface Serving {
  operation: Operation
  /** Seconds. */
  timeout: number
  /** Whether timers may start it. */
  scheduled: boolean
}

/** Takes one call from arrival to outcome. Never throws, and answers before the platform would cut it off. */
export async function serve(serving: Serving, arrival: Arrival): Promise<Outcome> {
  const { context, trace, deadline } = contextFor(serving.operation, arrival, serving.timeout)
  const startedAt = context.clock.now()
  let failed: OpenapiError | undefined
  let result: unknown
  try {
    result = await inTime(perform(serving, arrival, context), deadline, context.clock)
  } catch (error) {
    failed = asOpenapiError(error)
  }
  writeLog(serving.operation, context, trace, context.clock.now() - startedAt, failed)
  return shape(serving.operation, context, failed ? { error: failed } : { result })
}

async function perform(
  { operation, scheduled }: Serving,
  arrival: Arrival,
  context: Context,
): Promise<unknown> {
  if (operation.reach === 'callback') {
    if (arrival.source !== 'http')
      throw forbidden(`${functionName(operation.name)} only answers the provider's own URL calls`)
    return operation.run(undefined, context)
  }
  if (arrival.source === 'timer' && !scheduled)
    throw forbidden(`${functionName(operation.name)} has no schedule`)
  if (arrival.source !== 'client' && arrival.source !== 'http') {
    return operation.run(validate(operation.input, arrival.input), context)
  }
  return performForClient(operation, arrival, context)
}

/** Loaded at need: callbacks and timers, whose cold starts matter most, never come here. */
async function performForClient(operation: Operation, arrival: Arrival, context: Context): Promise<unknown> {
  const [{ admitClient }, { readClientCall, corsHeaders }, { kept }] = await Promise.all([
    import('./client.js'),
    import('./clientHttp.js'),
    import('./kept.js'),
  ])
  const { httpCall } = arrival
  if (httpCall?.method === 'OPTIONS') return { [PREFLIGHT]: corsHeaders(httpCall, context) }
  const given = httpCall ? readClientCall(httpCall, context) : arrival.input
  const admitted = await admitClient(operation, given, { ...context, source: 'client' })
  const input = validate(operation.input, admitted.input)
  return kept(operation, input, admitted.context, () => operation.run(input, admitted.context))
}

const PREFLIGHT = Symbol('preflight')

async function shape(
  operation: Operation,
  context: Context,
  outcome: { result: unknown } | { error: OpenapiError },
): Promise<Outcome> {
  const failed = 'error' in outcome
  if (operation.reply && context.httpCall && operation.reach === 'callback') {
    return { reply: operation.reply(failed ? outcome : outcome.result, context) }
  }
  const answer = failed ? refusal(outcome.error, context.requestId) : success(outcome.result)
  if (!context.httpCall) return { answer }
  const { corsHeaders } = await import('./clientHttp.js')
  const cors = corsHeaders(context.httpCall, context)
  const isPreflight = !failed && typeof outcome.result === 'object' && PREFLIGHT in (outcome.result ?? {})
  if (isPreflight) return { reply: { status: 204, headers: cors, body: '' } }
  return { reply: jsonReply(failed ? outcome.error.status : 200, answer, cors) }
}

function writeLog(
  operation: Operation,
  context: Context,
  trace: Trace,
  ms: number,
  failed?: OpenapiError,
): void {
  const line = {
    at: new Date(context.clock.now()).toISOString(),
    fn: functionName(operation.name),
    source: context.source,
    requestId: context.requestId,
    ms,
    errCode: failed?.errCode ?? 0,
    ...(failed ? { error: explain(failed) } : {}),
    ...(trace.upstream.length > 0 ? { upstream: trace.upstream } : {}),
    ...(trace.notes.length > 0 ? { notes: trace.notes } : {}),
  }
  const write = currentHost().log ?? console.log
  write(maskText(JSON.stringify(line), context.settings.secrets()))
}
