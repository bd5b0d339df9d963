import { setMaxListeners } from 'node:events'
import type { Clock } from '../../../shared/clock.js'

interface Entry {
  dueAt: number
  work(): Promise<unknown>
}

/** What the platforms do later by themselves. The clock decides when, `tick` makes sure of it. */
export class Agenda {
  readonly #entries = new Set<Entry>()
  readonly #closing = new AbortController()

  constructor(private readonly clock: Clock) {
    setMaxListeners(0, this.#closing.signal)
  }

  /** Does `work` in `ms` milliseconds. */
  after(ms: number, work: () => Promise<unknown>): void {
    const entry: Entry = { dueAt: this.clock.now() + ms, work }
    this.#entries.add(entry)
    const { signal } = this.#closing
    void this.clock.sleep(ms, signal).then(() => (signal.aborted ? undefined : this.#do(entry)))
  }

  /** Does everything that is due by now. */
  async tick(): Promise<void> {
    const due = [...this.#entries].filter(({ dueAt }) => dueAt <= this.clock.now())
    for (const entry of due) await this.#do(entry)
  }

  close(): void {
    this.#closing.abort()
  }

  async #do(entry: Entry): Promise<void> {
    if (this.#entries.delete(entry)) await entry.work()
  }
}
