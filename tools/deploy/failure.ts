/**
 * Something a person can mend. The name is what Serverless Framework knows its own errors by: it prints their message
 * alone, without a stack.
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
