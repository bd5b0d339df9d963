import { asOpenapiError } from '../errors/index.js'
import type { Context, Examined, UpstreamCall } from './context.js'

/** Has the log tell of a call upstream: how it ended and, where that was found out, why its answer was not believed. */
export async function told<Answer>(
  outside: Pick<Context, 'clock' | 'upstream'>,
  api: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = outside.clock.now()
  let ending: Omit<UpstreamCall, 'api' | 'ms'> = { code: 0 }
  try {
    return await work()
  } catch (error) {
    const { errCode: code, cause } = asOpenapiError(error)
    ending = { code, ...(isExamined(cause) ? cause : {}) }
    throw error
  } finally {
    outside.upstream({ api, ms: outside.clock.now() - startedAt, ...ending })
  }
}

const isExamined = (cause: unknown): cause is Examined =>
  typeof cause === 'object' && cause !== null && 'finding' in cause && 'remedy' in cause
