import type { Clock, Random } from '../../../shared/clock.js'
import { type Api, ApiError } from './api.js'

const TRIES = 6
const FIRST_WAIT_MS = 500

const LOST_CONNECTIONS = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ESOCKETTIMEDOUT', 'EAI_AGAIN'])

/** Busy, broken or cut off: worth another try. What the API has understood and refused is not. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false
  if (isThrottled(error)) return true
  if (error.status !== undefined) return error.status >= 500
  return LOST_CONNECTIONS.has(error.code) || /timeout|socket hang up/i.test(error.message)
}

const isThrottled = ({ status, code }: ApiError): boolean =>
  status === 429 || /throttl|toomanyrequests|ratelimit/i.test(code)

export interface RetryDependencies {
  clock: Clock
  random: Random
  /** Called before each wait, in ms. */
  onWait(error: ApiError, waitMs: number): void
}

/**
 * The same API, patient: up to six tries with doubling waits, about 16 s in all. Whoever creates something has to bear
 * that a first try succeeded unheard. Invocations are repeated only where the function cannot have run.
 */
export function patient(api: Api, dependencies: RetryDependencies): Api {
  return {
    call: (method, path, request) => retried(dependencies, isPassing, () => api.call(method, path, request)),
    invoke: (path, event, headers) =>
      retried(
        dependencies,
        (error) => error instanceof ApiError && isThrottled(error),
        () => api.invoke(path, event, headers),
      ),
  }
}

/** Repeats `work` while `isWorthIt`; throws its last error. */
async function retried<Answer>(
  { clock, random, onWait }: RetryDependencies,
  isWorthIt: (error: unknown) => boolean,
  work: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries === TRIES || !isWorthIt(error)) throw error
      const share = (random.bytes(1)[0] ?? 0) / 255
      const waitMs = Math.round(FIRST_WAIT_MS * 2 ** (tries - 1) * (0.75 + share / 2))
      if (error instanceof ApiError) onWait(error, waitMs)
      await clock.sleep(waitMs)
    }
  }
}
