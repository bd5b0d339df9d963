/**
 * Something a person can mend, in one or more lines that say what was done, why it failed, and what to do about it.
 *
 * The name is what Serverless Framework knows its own errors by: it prints their message alone, without a stack. All
 * other errors are mistakes of this plugin, and are printed with one.
 */
export class DeployFailure extends Error {
  override readonly name = 'ServerlessError'

  constructor(
    /** Upper case with underscores. */
    readonly code: string,
    message: string,
    options?: { cause: unknown },
  ) {
    super(message, options)
  }
}

/** What went wrong, in one line. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
