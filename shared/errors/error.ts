/** What a caller can do about a failure. Printed into the docs, returned to library callers as `advice`. */
export type Advice =
  | 'retry'
  | 'refresh'
  | 'wait'
  | 'fix the request'
  | 'fix the settings'
  | 'ask the user'
  | 'contact the provider'

export interface OpenapiErrorOptions {
  /** The provider's number or text where it has one, else one of our own upper-case words. */
  errCode: number | string
  /** A sentence a newcomer can act on. It reaches the caller: never put a secret, token or key in it. */
  errMsg: string
  advice?: Advice
  /** `unknown`: the provider may have acted (timeout, cut connection, unverifiable answer). Query before repeating. */
  outcome?: 'failed' | 'unknown'
  /** HTTP status for URL calls. */
  status?: number
  /** The provider's own id of the failed request, for its support. */
  rid?: string
  cause?: unknown
}

/**
 * The one error of this project. `errCode` and `errMsg` are shown to callers; `cause` stays in the log.
 * `message` equals `errMsg`, so it reads well wherever an `Error` is printed.
 */
export class OpenapiError extends Error {
  override readonly name = 'OpenapiError'
  readonly errCode: number | string
  readonly errMsg: string
  readonly advice: Advice
  readonly outcome: 'failed' | 'unknown'
  readonly status: number
  readonly rid?: string

  constructor(options: OpenapiErrorOptions) {
    super(options.errMsg, options.cause === undefined ? undefined : { cause: options.cause })
    this.errCode = options.errCode
    this.errMsg = options.errMsg
    this.advice = options.advice ?? 'fix the request'
    this.outcome = options.outcome ?? 'failed'
    this.status = options.status ?? 400
    if (options.rid !== undefined) this.rid = options.rid
  }
}

/** The same failure, where an earlier attempt at the same may have taken effect. */
export function inDoubt({ errCode, errMsg, advice, status, rid, cause }: OpenapiError): OpenapiError {
  const told = rid === undefined ? {} : { rid }
  return new OpenapiError({ errCode, errMsg, advice, status, cause, ...told, outcome: 'unknown' })
}

/** A value given by the caller is missing or wrong. `field` is a path such as `lineColor.r`. */
export function invalidParam(field: string, problem: string): OpenapiError {
  return new OpenapiError({ errCode: 'INVALID_PARAM', errMsg: `${field}: ${problem}` })
}

/** The caller may not do this. The text says what would be allowed, never why a given secret was wrong. */
export function forbidden(errMsg: string): OpenapiError {
  return new OpenapiError({ errCode: 'FORBIDDEN', errMsg, status: 403 })
}

/** Nothing could be read from or written to the store; nothing was half-done. */
export function storeUnavailable(cause: unknown): OpenapiError {
  return new OpenapiError({
    errCode: 'STORE_UNAVAILABLE',
    errMsg: 'the database did not answer; try again, and check MONGODB_URI and the network if it goes on',
    advice: 'retry',
    status: 503,
    cause,
  })
}

/** Anything that was not foreseen. The cause is logged, the caller learns only that it happened. */
export function asOpenapiError(error: unknown): OpenapiError {
  if (error instanceof OpenapiError) return error
  return new OpenapiError({
    errCode: 'SYSTEM_ERROR',
    errMsg: 'unexpected failure; the log line with this requestId has the cause',
    advice: 'retry',
    outcome: 'unknown',
    status: 500,
    cause: error,
  })
}
