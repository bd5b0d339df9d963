import type { Advice, Bilingual, ErrorEntry, ErrorMeanings, Facts, Meaning } from './entry.js'
import { INVALID_PARAM, STORE_UNAVAILABLE, SYSTEM_ERROR } from './table/calls.js'

type Table = typeof import('./table/index.js')

/** Every code of our own. */
export type ErrCode = Extract<Table[keyof Table]['errCode'], string>

/** A platform's number or word passes through as it is. */
type PlatformCode = number | (string & {})

interface Failure {
  errCode: ErrCode | PlatformCode
  errMsg: string
  clientMsg?: string | undefined
  advice?: Advice
  outcome?: 'failed' | 'unknown'
  status?: number
  rid?: string | undefined
  platformCode?: PlatformCode | undefined
  cause?: unknown
}

/**
 * The one error of this project. `errCode` and `errMsg` are shown to callers; `cause` stays in the log.
 * `message` equals `errMsg`, so it reads well wherever an `Error` is printed. Made by {@link openapiError} and
 * {@link platformError} alone.
 */
export class OpenapiError extends Error {
  static {
    // Minified the class has another name, and Node prints that one.
    Object.defineProperty(OpenapiError, 'name', { value: 'OpenapiError' })
  }

  override readonly name = 'OpenapiError'
  /** The provider's number or word where it has one, else one of ours (docs/errors.md). */
  readonly errCode: ErrCode | PlatformCode
  /**
   * A sentence a newcomer can act on, with the platform's own words whole where it said some. It reaches the merchant's
   * servers, so it never has a secret, token or key in it.
   */
  readonly errMsg: string
  /** What a client is told in its place, where `errMsg` repeats more of the request than a client has to see. */
  declare readonly clientMsg?: string
  readonly advice: Advice
  /** `unknown`: the provider may have acted (timeout, cut connection, unverifiable answer). Query before repeating. */
  readonly outcome: 'failed' | 'unknown'
  /** HTTP status for URL calls. */
  readonly status: number
  /** The provider's own id of the failed request, for its support. */
  declare readonly rid?: string
  /** The provider's own code where `errCode` is another, for the log. */
  declare readonly platformCode?: PlatformCode

  constructor(failure: Failure) {
    super(failure.errMsg, failure.cause === undefined ? undefined : { cause: failure.cause })
    this.errCode = failure.errCode
    this.errMsg = failure.errMsg
    this.advice = failure.advice ?? 'fix the request'
    this.outcome = failure.outcome ?? 'failed'
    this.status = failure.status ?? 400
    if (failure.clientMsg !== undefined) this.clientMsg = failure.clientMsg
    if (failure.rid !== undefined) this.rid = failure.rid
    if (failure.platformCode !== undefined) this.platformCode = failure.platformCode
    // Where a program prints it, or dies of it, the code is what to look up.
    this.stack = String(this.stack).replace(/^\w*Error(?=: )/, () => this.heading)
  }

  private get heading(): string {
    return `OpenapiError [${this.errCode}]`
  }

  override toString(): string {
    return `${this.heading}: ${this.errMsg}`
  }
}

/** What only the place knows that raises an error. */
export interface ErrorDetails {
  /** For the log; never reaches the caller. */
  cause?: unknown
  /** The provider's id of the request. */
  rid?: string | undefined
  /** Where it differs from the table's. */
  outcome?: OpenapiError['outcome']
  advice?: Advice
  /** The platform's own words, for the merchant's servers and the log. */
  words?: string | undefined
}

type Arguments<Entry extends ErrorEntry> = [keyof Facts<Entry>] extends [never]
  ? [facts?: Record<string, never>, details?: ErrorDetails]
  : [facts: Facts<Entry>, details?: ErrorDetails]

/** An error of our own: `openapiError(ORDER_PAID)`, `openapiError(INVALID_PARAM, { field, problem }, { cause })`. */
export function openapiError<Entry extends ErrorEntry>(
  entry: Entry,
  ...[facts = {}, { words, ...details } = {}]: Arguments<Entry>
): OpenapiError {
  const { errCode, en, zh, advice, outcome, status }: ErrorEntry = entry
  const errMsg = sentence(zh === undefined ? en : `${en} (${zh})`, facts)
  return new OpenapiError({
    errCode,
    ...(words ? { errMsg: `${errMsg}; it said: ${shortened(words)}`, clientMsg: errMsg } : { errMsg }),
    ...(advice && { advice }),
    ...(outcome && { outcome }),
    ...(status && { status }),
    ...details,
  })
}

const sentence = (text: string, facts: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name]))

/** A failure as a platform told it. */
export interface PlatformFailure {
  /** Its own code; the caller gets that of `meaning` where there is one. */
  errCode: PlatformCode
  /** Who says it: `WeChat said`, `Alipay said, unsigned`. */
  source: string
  /** Its sentence, for whoever called. */
  text: string
  /** All it said, where that is more than its sentence: for the merchant's servers and the log. */
  words?: string | undefined
  /** What the code means here, from the provider's table. */
  meaning?: Partial<Meaning> | undefined
  /** What holds where the table does not say. */
  outcome?: OpenapiError['outcome']
  rid?: string | undefined
}

/** A platform's own failure: what its code means, in both languages, then the platform's words. */
export function platformError({
  errCode,
  source,
  text,
  words = text,
  meaning = {},
  outcome,
  rid,
}: PlatformFailure): OpenapiError {
  const known = meaning.en === undefined ? '' : `${meaning.en} (${meaning.zh}); `
  const before = `${known}${source}: `
  return new OpenapiError({
    errCode: meaning.errCode ?? errCode,
    ...(meaning.errCode !== undefined && meaning.errCode !== errCode && { platformCode: errCode }),
    errMsg: before + shortened(words),
    ...(words !== text && { clientMsg: before + text }),
    advice: meaning.advice ?? 'fix the request',
    outcome: meaning.outcome ?? outcome ?? 'failed',
    status: 502,
    rid,
  })
}

/** Characters. Whoever can answer in a platform's place could otherwise fill the log. */
const MAX_WORDS = 16_384

const shortened = (words: string): string =>
  words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)} ...` : words

/** The same failure, but for what the place that passes it on knows better. */
export function changed(
  error: OpenapiError,
  changes: Partial<Pick<OpenapiError, 'errMsg' | 'outcome'>>,
): OpenapiError {
  const { errCode, errMsg, clientMsg, advice, outcome, status, rid, platformCode, cause } = error
  return new OpenapiError({
    ...{ errCode, errMsg, clientMsg, advice, outcome, status, rid, platformCode, cause },
    ...changes,
  })
}

/** The same failure, where an earlier attempt at the same may have taken effect. */
export const inDoubt = (error: OpenapiError): OpenapiError => changed(error, { outcome: 'unknown' })

/** A value given by the caller is missing or wrong. `field` is a path such as `lineColor.r`. */
export const invalidParam = (field: string, problem: string): OpenapiError =>
  openapiError(INVALID_PARAM, { field, problem })

/** Nothing could be read from or written to the store; nothing was half-done. */
export const storeUnavailable = (cause: unknown): OpenapiError =>
  openapiError(STORE_UNAVAILABLE, {}, { cause })

/** Anything that was not foreseen. The cause is logged, the caller learns only that it happened. */
export const asOpenapiError = (error: unknown): OpenapiError =>
  error instanceof OpenapiError ? error : openapiError(SYSTEM_ERROR, {}, { cause: error })

export const hasCode = (error: unknown, code: ErrCode): boolean =>
  error instanceof OpenapiError && error.errCode === code

/** What an operation's entry says of the errors of our own that it may answer. */
export const meaningsOf = (...entries: readonly (ErrorEntry & Bilingual)[]): ErrorMeanings =>
  Object.fromEntries(
    entries.map(({ errCode, en, zh, advice = 'fix the request' }) => [errCode, { en, zh, advice }]),
  )
