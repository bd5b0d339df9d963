import type { Clock } from '../../shared/clock.js'

/**
 * Time as a test says. It starts in the future of every real machine, so that a database which forgets by its own
 * clock forgets nothing while the test runs.
 */
export interface HandClock extends Clock {
  /** Moves on by `ms`, waking sleepers in order; each comes to rest before the next is woken. */
  advance(ms: number): Promise<void>
  /** Is set back by `ms`, as a clock is that was ahead. */
  setBack(ms: number): void
  /** Moves on as far as `work` needs; rejects when it waits for something that no passing of time will bring. */
  runUntil<T>(work: Promise<T>): Promise<T>
}

interface Sleeper {
  at: number
  wake(): void
}

export const HAND_CLOCK_START = Date.UTC(2050, 0, 1)

/** `busy` tells of real input and output under way, during which time stands still. */
export function handClock(busy: () => boolean = () => false, start = HAND_CLOCK_START): HandClock {
  let now = start
  const sleepers = new Set<Sleeper>()

  const settle = async () => {
    do {
      for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
    } while (busy())
  }
  const next = (): Sleeper | undefined => [...sleepers].sort((one, other) => one.at - other.at)[0]
  const wakeNext = (limit: number): boolean => {
    const sleeper = next()
    if (!sleeper || sleeper.at > limit) return false
    now = Math.max(now, sleeper.at)
    sleeper.wake()
    return true
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper: Sleeper = {
          at: now + Math.max(0, ms),
          wake() {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        if (signal?.aborted) return resolve()
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake)
      }),
    async advance(ms) {
      const end = now + ms
      await settle()
      while (wakeNext(end)) await settle()
      now = end
    },
    setBack(ms) {
      now -= ms
    },
    async runUntil(work) {
      let running = true
      const done = work.finally(() => {
        running = false
      })
      done.catch(() => undefined)
      await settle()
      while (running) {
        if (!wakeNext(Number.POSITIVE_INFINITY))
          throw new Error('nothing sleeps, and yet the work is not done')
        await settle()
      }
      return done
    },
  }
}
