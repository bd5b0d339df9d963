import type { Clock } from '../../shared/clock/index.js'

export interface ManualClock extends Clock {
  /** Moves the time and wakes, in order, everybody who slept until then. */
  advance(ms: number): Promise<void>
}

interface Sleeper {
  at: number
  wake(): void
}

/** A clock that stands still until it is moved. */
export function manualClock(start: number): ManualClock {
  let now = start
  const sleepers = new Set<Sleeper>()
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper: Sleeper = {
          at: now + ms,
          wake() {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        if (ms <= 0 || signal?.aborted) return resolve()
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      }),
    async advance(ms) {
      const until = now + ms
      await settle()
      for (;;) {
        const next = [...sleepers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        now = next.at
        next.wake()
        // Whoever woke may sleep again before `until`: let it get that far.
        await settle()
      }
      now = until
    },
  }
}
