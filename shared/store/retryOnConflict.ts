import { storeUnavailable } from '../errors/index.js'

/** A write is lost because somebody else got on, so a few rounds are the most that is ever seen. */
const ROUNDS = 50

/** What one attempt came to: its result, or that the document had changed since it was read. */
export type Attempt<Result> = { result: Result } | 'lost'

/**
 * Repeats read, decide, conditional write until the write is not lost to somebody faster. `attempt` reads the document
 * anew each time, and decides anew.
 * Throws STORE_UNAVAILABLE when it never gets through.
 */
export async function retryOnConflict<Result>(attempt: () => Promise<Attempt<Result>>): Promise<Result> {
  for (let round = 0; round < ROUNDS; round++) {
    const outcome = await attempt()
    if (outcome !== 'lost') return outcome.result
  }
  throw storeUnavailable(new Error('a document is rewritten faster than this process can'))
}
