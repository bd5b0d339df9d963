import type { SettingName } from '../config/index.js'
import {
  FORBIDDEN,
  invalidParam,
  NO_PROVIDER_CALL,
  type OpenapiError,
  ORIGIN_NOT_LISTED,
  openapiError,
  POST_EXPECTED,
} from '../errors/index.js'
import {
  type Context,
  functionName,
  type HttpReply,
  type Operation,
  type Source,
  validate,
} from '../operation/index.js'
import { jsonReply, refusal, success } from './answer.js'
import type { Arrival } from './arrival.js'

/** What came of a call. */
export type RunResult = { result: unknown } | { error: OpenapiError }

/**
 * One kind of entrance. Which one a function has is declared with it, so that its bundle holds that door and
 * no other: a callback, whose cold start a provider waits for, carries nothing of logins and sessions.
 */
export interface Door {
  /** What the door itself has to read to let callers in to this operation, whatever that one reads. */
  settings?(operation: Operation): readonly SettingName[]
  /** Runs the operation for whom it may be run, or throws. */
  enter(operation: Operation, arrival: Arrival, context: Context): Promise<unknown>
  /** The answer for a caller by URL. */
  reply(outcome: RunResult, operation: Operation, context: Context): HttpReply
}

/** For the merchant's own servers and, where the function has a schedule, timers. */
export const serverDoor = (scheduled: boolean): Door => ({
  async enter(operation, arrival, context) {
    const { source, input } = arrival
    if (source === 'server') {
      const call = chosenApp(operation, { input, context })
      return operation.run(validate(operation.input, call.input), call.context)
    }
    if (source === 'timer' && scheduled) return operation.run(validate(operation.input, {}), context)
    // Nothing runs for a page, but only after this may it read the sentence that says so.
    if (isPreflight(arrival)) return answerPreflight(context)
    throw notCallableBy(source, operation)
  },
  reply: pageReply,
})

const CALLERS: Readonly<Record<Source, string>> = {
  client: 'from a client',
  server: 'here',
  http: 'by URL',
  timer: 'by a timer',
}

export const notCallableBy = (source: Source, { name }: Operation): OpenapiError =>
  openapiError(FORBIDDEN, { function: functionName(name), how: CALLERS[source] })

/** For a provider that calls by URL, and for nobody else. */
export const callbackDoor: Door = {
  async enter(operation, { source }, context) {
    if (source === 'http') return operation.run(undefined, context)
    throw openapiError(NO_PROVIDER_CALL, { function: functionName(operation.name) })
  },
  reply(outcome, operation, context) {
    if (!operation.reply) throw new Error(`${operation.name} is a callback without a reply`)
    return operation.reply('error' in outcome ? outcome : outcome.result, context)
  },
}

/** The result of a page's question whether it may call at all. */
const PREFLIGHT = { preflight: true }

export const isPreflight = ({ httpCall }: Arrival): boolean => httpCall?.method === 'OPTIONS'

/** Says yes to a page that the deployment lists. FORBIDDEN for others, so that the log does not call it a success. */
export function answerPreflight({ httpCall, settings }: Context): typeof PREFLIGHT {
  const origin = httpCall?.headers.origin
  if (origin === undefined) throw openapiError(POST_EXPECTED)
  if (isListed(origin, settings)) return PREFLIGHT
  throw openapiError(ORIGIN_NOT_LISTED, { origin: origin.slice(0, 100) })
}

const isListed = (origin: string, settings: Context['settings']): boolean =>
  (settings.get('CLIENT_ORIGINS') ?? '').split(',').some((each) => each.trim() === origin)

/** Our own shape as an HTTP answer. Pages that the deployment lists may read it, whatever it says. */
export function pageReply(outcome: RunResult, _operation: Operation, context: Context): HttpReply {
  const headers = corsHeaders(context.httpCall?.headers.origin, context.settings)
  if ('error' in outcome) {
    return jsonReply(outcome.error.status, refusal(outcome.error, context), headers)
  }
  if (outcome.result === PREFLIGHT) return { status: 204, headers, body: '' }
  return jsonReply(200, success(outcome.result), headers)
}

/** CORS headers for a page whose origin the deployment lists in `CLIENT_ORIGINS`; none for others. */
export function corsHeaders(
  origin: string | undefined,
  settings: Context['settings'],
): Record<string, string> {
  if (origin === undefined || !isListed(origin, settings)) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '600',
    vary: 'Origin',
  }
}

/** The fields that an operation is called with, and its context. */
export interface OperationCall {
  input: Record<string, unknown>
  context: Context
}

/**
 * Where a deployment serves several applications, a call may name one with `appid`, beside whatever its operation
 * takes. Only applications in the settings exist: nobody brings a secret along.
 */
export function chosenApp(operation: Operation, { input, context }: OperationCall): OperationCall {
  if (takesField(operation, 'appid') || !('appid' in input)) return { input, context }
  const { appid, ...rest } = input
  if (typeof appid !== 'string' || !/^\w{1,32}$/.test(appid)) {
    throw invalidParam('appid', 'expected the id of one of the applications in the settings')
  }
  return { input: rest, context: { ...context, appId: appid } }
}

/** Whether a name that a door would take for itself is one of the operation's own parameters. */
export const takesField = ({ input }: Operation, name: string): boolean =>
  'entries' in input && name in (input.entries as object)
