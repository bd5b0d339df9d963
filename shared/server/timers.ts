import type { Clock } from '../clock.js'
import type { Store } from '../store/port.js'
import { periodAt, periodMs, type Schedule } from './schedule.js'

export interface Timer extends Schedule {
  name: string
  /** Never rejects: what went wrong stands in the log of the call. */
  run(): Promise<unknown>
}

export interface TimerDependencies {
  clock: Clock
  store(): Promise<Store>
  /** Ends the waiting when the server closes. */
  closing: AbortSignal
  /** A store that cannot be reached: this period is left to whoever reaches it. */
  failed(error: unknown): void
}

/** How long one sleep lasts at most (ms), so that a clock that was put right is noticed. */
const LONGEST_SLEEP = 30_000

/**
 * Runs one timer until the server closes: in each period once, by whichever process takes it first in the store. A run
 * that is longer than the period makes the next one late; what was missed is not made up for.
 */
export async function runTimer(timer: Timer, dependencies: TimerDependencies): Promise<void> {
  const { clock, store, closing, failed } = dependencies
  const length = periodMs(timer.every)
  let done = periodAt(timer, clock.now()).period
  while (!closing.aborted) {
    const { period, startedAt } = periodAt(timer, clock.now())
    if (period === done) {
      const left = startedAt + length - clock.now()
      await clock.sleep(Math.max(1, Math.min(left, LONGEST_SLEEP)), closing)
      continue
    }
    done = period
    const isOurs = await store()
      .then(({ timers }) => timers.take(timer.name, period))
      .catch((error: unknown) => failed(error))
    if (isOurs && !closing.aborted) await timer.run()
  }
}
