import type { GenericSchema, InferInput, InferOutput } from 'valibot'
import type { SettingName } from '../config/index.js'
import { asOpenapiError, type Bilingual, type ErrorMeanings, type OpenapiError } from '../errors/index.js'
import type { Context, HttpReply, LoggedDiagnosis, UpstreamCall } from './context.js'

/**
 * Who may call it. `client`: a logged-in end user. `optIn`: servers, and clients once OPENAPI_CLIENT_FUNCTIONS
 * names it. `server`: servers only. `callback`: a provider, by URL.
 */
export type Reach = 'client' | 'optIn' | 'server' | 'callback'

/**
 * One capability: data about it, and one call. From it come the cloud function, the library's method, the types,
 * the docs and the local platforms' check of what is sent.
 */
export interface Operation<Input extends GenericSchema = GenericSchema, Output = unknown> {
  /** The provider's dotted name, such as `wxacode.getUnlimited` or `payment.refund`. */
  readonly name: string
  /** The official page, the source of every rule stated here. */
  readonly doc: string
  readonly title: Bilingual
  readonly input: Input
  readonly reach: Reach
  /** `none`: the login itself. `optional`: the operation accepts another proof (a pay token). */
  readonly session?: 'required' | 'optional' | 'none'
  /** The input field that says whom it is about: a client's is the openid of its session, whatever it wrote. */
  readonly ownOpenid?: string
  /** Input fields that no client brings along. */
  readonly serversOwn?: readonly string[]
  /** Whether sending the same request twice can do harm. */
  readonly repeat: 'safe' | 'never'
  /** Settings it may read, beyond those every operation may. */
  readonly settings: readonly SettingName[]
  readonly errors?: ErrorMeanings
  /** Calls a minute for one logged-in user; 60 unless said otherwise. */
  readonly perMinute?: number
  /** Answers to clients are kept this many days by input: codes cost quota that lasts a lifetime. */
  readonly keepDays?: number
  run(input: InferOutput<Input>, context: Context): Promise<Output>
  /** Speaks to a provider that calls by URL: shapes the answer, or the refusal. */
  reply?(result: unknown | { error: OpenapiError }, context: Context): HttpReply
}

export type InputOf<Op> = Op extends Operation<infer Input, unknown> ? InferInput<Input> : never
export type OutputOf<Op> = Op extends { run(...args: never[]): Promise<infer Output> } ? Output : never

/** The cloud function's name: `wxacode.get` is `wxacodeGet`, `payment.refund` is `refund`, `request` is `openapiRequest`. */
export function functionName(dotted: string): string {
  if (dotted === 'request') return 'openapiRequest'
  const words = dotted.replace(/^payment\./, '').split('.')
  return words.map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
}

/**
 * The input of a callback: none, since nothing that a provider sends is parsed before it is proved. This is valibot's
 * `unknown()` written out: to import it would have all of valibot load while the provider waits.
 */
export const unread: GenericSchema = {
  kind: 'schema',
  type: 'unknown',
  expects: 'unknown',
  async: false,
  reference: () => unread,
  '~standard': { version: 1, vendor: 'valibot', validate: (value) => ({ value }) },
  '~run': ({ value }) => ({ typed: true, value }),
}

/**
 * Leaves out what is not there, so that facts are plain JSON and read the same before and after the wire. A loop,
 * since every notice passes here more than once.
 */
export function omitUndefined<Facts extends object>(facts: Facts): Facts {
  const there: Partial<Facts> = {}
  for (const name in facts) if (facts[name] !== undefined) there[name] = facts[name]
  return there as Facts
}

/** Logs a call upstream: how it ended and, where that was found out, why its answer was not authentic. */
export async function traced<Answer>(
  dependencies: Pick<Context, 'clock' | 'upstream'>,
  api: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = dependencies.clock.now()
  let ending: Omit<UpstreamCall, 'api' | 'ms'> = { code: 0 }
  try {
    return await work()
  } catch (error) {
    const { errCode, platformCode = errCode, cause } = asOpenapiError(error)
    ending = { code: platformCode, ...(isDiagnosis(cause) ? cause : {}) }
    throw error
  } finally {
    dependencies.upstream({ api, ms: dependencies.clock.now() - startedAt, ...ending })
  }
}

const isDiagnosis = (cause: unknown): cause is LoggedDiagnosis =>
  typeof cause === 'object' && cause !== null && 'finding' in cause && 'remedy' in cause
