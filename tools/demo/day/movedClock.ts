import { type Clock, systemClock } from '../../../shared/clock.js'

/** A clock that runs on like the machine's and can be moved on by hand: a day passes in seconds. */
export interface MovedClock extends Clock {
  /** Moves on by `ms` milliseconds; whatever slept until a moment before that wakes up, in order. */
  move(ms: number): void
  /** Moves on to an instant, unless it has passed. Milliseconds since the epoch. */
  moveTo(at: number): void
}

interface Sleeper {
  at: number
  wake(): void
}

/** The longest time that Node.js can wait for, in milliseconds. Who sleeps longer is woken by a move, or never. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** A clock that begins at `start` (ms). */
export function movedClock(start: number): MovedClock {
  let ahead = start - systemClock.now()
  const sleepers = new Set<Sleeper>()
  const now = () => systemClock.now() + ahead
  const move = (ms: number) => {
    ahead += ms
    const due = [...sleepers].filter(({ at }) => at <= now()).sort((one, other) => one.at - other.at)
    for (const sleeper of due) sleeper.wake()
  }
  return {
    now,
    move,
    moveTo: (at) => move(Math.max(0, at - now())),
    async sleep(ms, signal) {
      if (signal?.aborted) return
      const woken = new AbortController()
      const wake = () => woken.abort()
      const sleeper = { at: now() + ms, wake }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', wake, { once: true })
      await systemClock.sleep(Math.min(Math.max(0, ms), LONGEST_WAIT_MS), woken.signal)
      signal?.removeEventListener('abort', wake)
      sleepers.delete(sleeper)
    },
  }
}
