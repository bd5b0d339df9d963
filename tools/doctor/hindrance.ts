import { OpenapiError } from '../../shared/errors/index.js'
import type { Values } from './finding.js'

/** What another check reports, and this one has to wait for. */
export type Reason = 'clock-first' | 'store-first' | 'keys-first' | 'settings-first' | 'secret-first'

/** Thrown by a check that cannot find out anything while something else is wrong. */
export class NotYet extends Error {
  constructor(
    readonly reason: Reason,
    readonly values: Values = {},
  ) {
    super(reason)
  }
}

/** Nobody answered. `cause` is how the line failed: a code of Node's, or a timeout. */
export class NoAnswer extends OpenapiError {
  constructor(
    readonly host: string,
    cause: OpenapiError,
  ) {
    const { errCode, errMsg, advice, outcome, status } = cause
    super({ errCode, errMsg, advice, outcome, status, cause })
  }

  /** Such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  get lineCode(): string {
    return /\((\w+)\)$/.exec(this.errMsg)?.[1] ?? 'TIMEOUT'
  }
}
