import { storeUnavailable } from '../errors/index.js'

/** Losing means that somebody else has moved on, so a few rounds are the most that is ever seen. */
const ROUNDS = 50

/**
 * Repeats read, decide, conditional write until the write is not lost to somebody faster. `attempt` reads anew each
 * time. STORE_UNAVAILABLE when it never gets through.
 */
export async function retryOnConflict<Result>(
  attempt: () => Promise<{ result: Result } | 'lost'>,
): Promise<Result> {
  for (let round = 0; round < ROUNDS; round++) {
    const outcome = await attempt()
    if (outcome !== 'lost') return outcome.result
  }
  throw storeUnavailable(new Error('a document is rewritten faster than this process can'))
}
