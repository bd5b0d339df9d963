import { nonce } from '../../clock.js'
import { type Advice, OpenapiError, openapiError, UNVERIFIED_ANSWER } from '../../errors/index.js'
import type { HttpAnswer } from '../../http/http.js'
import type { ProviderDependencies } from '../provider.js'

/** When and with what one signature for WeChat Pay is made. */
export interface TimestampAndNonce {
  /** Unix seconds. */
  timestamp: string
  nonceStr: string
}

/** Now, and a nonce that is used once. */
export const timestampAndNonce = ({
  clock,
  random,
}: Pick<ProviderDependencies, 'clock' | 'random'>): TimestampAndNonce => ({
  timestamp: String(Math.floor(clock.now() / 1000)),
  nonceStr: nonce(random),
})

/** WeChat Pay answers within a few seconds or not at all. */
const LONGEST_MS = 10_000

/** Left for what has to happen after the answer. */
const RESERVE_MS = 300

/** How long one attempt may take, in milliseconds. */
export const attemptMs = ({ timeLeft }: Pick<ProviderDependencies, 'timeLeft'>): number =>
  Math.min(LONGEST_MS, timeLeft() - RESERVE_MS)

/** An attempt with less time than this, in milliseconds, is not begun. */
export const LEAST_MS = 1000

/** Whether a call failed on the way: no answer came. */
export const isConnectionFailure = ({ errCode }: OpenapiError): boolean =>
  String(errCode).startsWith('UPSTREAM_')

/** The answer of a query, or nothing when WeChat Pay, authentically, says that there is no such thing. */
export async function unlessUnknown<Answer>(
  asked: Promise<Answer>,
  ...unknown: readonly string[]
): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof OpenapiError && unknown.includes(String(error.errCode))) return undefined
    throw error
  }
}

/** V3's number of a call, for WeChat Pay's support. */
export const requestId = (answer?: HttpAnswer): string | undefined => answer?.headers['request-id']

/**
 * An answer without a valid signature, or not about what was asked. WeChat Pay may have acted all the same, whatever
 * the answer claims: who could write it could also have let the request pass.
 */
export function unverified(
  what: string,
  {
    answer,
    advice = 'retry',
    cause,
    words,
  }: { answer?: HttpAnswer; advice?: Advice; cause?: unknown; words?: string | undefined } = {},
): OpenapiError {
  const facts = { platform: 'WeChat Pay', what, again: 'new' }
  return openapiError(UNVERIFIED_ANSWER, facts, { advice, cause, words, rid: requestId(answer) })
}
