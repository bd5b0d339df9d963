import type { Clock } from '../clock.js'
import { openapiError, TIMEOUT } from '../errors/index.js'
import type { Source } from '../operation/index.js'

/** uniCloud stops a function 60 s after a client called it; providers take 5 s to give up on a notice. */
const CUT_OFF_SECONDS: Readonly<Partial<Record<Source, number>>> = { client: 60, http: 5 }

/** Kept free for shaping and sending the answer. */
const RESERVE_MS = 500

/** When an answer must be ready (ms): before the function's own limit, the platform's, and the caller's patience. */
export function deadlineFor(
  startedAt: number,
  source: Source,
  timeout: number,
  platformTimeout?: number,
): number {
  const cutOff = CUT_OFF_SECONDS[source] ?? Number.POSITIVE_INFINITY
  const seconds = Math.min(timeout, platformTimeout ?? timeout, cutOff)
  const wholeMs = seconds * 1000
  return startedAt + Math.max(wholeMs / 2, wholeMs - (source === 'http' ? 2 * RESERVE_MS : RESERVE_MS))
}

/** Answers in time whatever happens: late work is left behind, and the caller learns that its outcome is open. */
export async function inTime<T>(work: Promise<T>, deadline: number, clock: Clock): Promise<T> {
  const done = new AbortController()
  const tooLate = clock.sleep(deadline - clock.now(), done.signal).then((): never => {
    throw openapiError(TIMEOUT)
  })
  tooLate.catch(() => undefined)
  try {
    return await Promise.race([work, tooLate])
  } finally {
    done.abort()
    work.catch(() => undefined)
  }
}
