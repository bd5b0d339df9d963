import type { Clock, Random } from '../clock.js'

/** What deciding about another try needs. */
export interface Patience {
  clock: Clock
  random: Random
  /** Milliseconds until an answer must be ready. */
  timeLeft(): number
}

const MAX_TRIES = 3
const FIRST_PAUSE_MS = 200
/** An attempt that cannot finish is not begun. */
const LEAST_MS = 100

/**
 * Tries `once` up to three times, as long as `isPassing` says of its failure that it may be gone the next time and
 * time is left for the growing, slightly random pause in between. Only for what may be sent twice.
 */
export async function repeated<T>(
  once: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  { clock, random, timeLeft }: Patience,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await once()
    } catch (error) {
      const pause = FIRST_PAUSE_MS * 2 ** (tries - 1) + (random.bytes(1).readUInt8(0) % FIRST_PAUSE_MS)
      if (tries === MAX_TRIES || !isPassing(error) || timeLeft() < pause + LEAST_MS) throw error
      await clock.sleep(pause)
    }
  }
}
