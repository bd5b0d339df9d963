import { asOpenapiError } from '../errors/index.js'
import type { Context, Examined, UpstreamCall } from './context.js'

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
    const { errCode: code, cause } = asOpenapiError(error)
    ending = { code, ...(isExamined(cause) ? cause : {}) }
    throw error
  } finally {
    dependencies.upstream({ api, ms: dependencies.clock.now() - startedAt, ...ending })
  }
}

const isExamined = (cause: unknown): cause is Examined =>
  typeof cause === 'object' && cause !== null && 'finding' in cause && 'remedy' in cause
