import { setMaxListeners } from 'node:events'
import type { Clock } from '../../../shared/clock.js'

interface Task {
  dueAt: number
  work(): Promise<unknown>
}

/** What the platforms do later by themselves. The clock decides when, `tick` makes sure of it. */
export class Schedule {
  readonly #tasks = new Set<Task>()
  readonly #closing = new AbortController()

  constructor(private readonly clock: Clock) {
    setMaxListeners(0, this.#closing.signal)
  }

  /** Does `work` in `ms` milliseconds. */
  after(ms: number, work: () => Promise<unknown>): void {
    const task: Task = { dueAt: this.clock.now() + ms, work }
    this.#tasks.add(task)
    const { signal } = this.#closing
    void this.clock.sleep(ms, signal).then(() => (signal.aborted ? undefined : this.#do(task)))
  }

  /** Does everything that is due by now. */
  async tick(): Promise<void> {
    const due = [...this.#tasks].filter(({ dueAt }) => dueAt <= this.clock.now())
    for (const task of due) await this.#do(task)
  }

  close(): void {
    this.#closing.abort()
  }

  async #do(task: Task): Promise<void> {
    if (this.#tasks.delete(task)) await task.work()
  }
}
