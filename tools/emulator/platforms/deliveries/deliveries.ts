import { setMaxListeners } from 'node:events'
import type { Clock } from '../../../../shared/clock.js'
import type { Fault, Faults } from '../faults.js'
import { post } from './deliverer.js'
import type { Attempt, Delivery, Notice } from './notice.js'

const LATE_MS = 3600 * 1000

interface Queued {
  delivery: Delivery
  notice: Notice
  failures: number
  running?: Promise<void>
}

/** All notices of all platforms, sent on their schedules. The clock decides when, `tick` makes sure of it. */
export class Deliveries {
  readonly #entries: Queued[] = []
  readonly #closing = new AbortController()

  constructor(
    private readonly clock: Clock,
    private readonly faults: Pick<Faults, 'consume'>,
    /** Milliseconds of real time, since a merchant that hangs hangs on a real socket. */
    private readonly timeoutMs: number,
    private readonly log: (line: string) => void,
  ) {
    setMaxListeners(0, this.#closing.signal)
  }

  /** Sends now, and again on its schedule. Resolves after the first attempt. */
  async send(notice: Notice): Promise<Delivery> {
    const { api, orderNo, refundNo, url } = notice
    const id = this.#entries.length + 1
    const delivery: Delivery = {
      id,
      api,
      orderNo,
      ...(refundNo === undefined ? {} : { refundNo }),
      url,
      state: 'waiting',
      dueAt: this.clock.now(),
      attempts: [],
    }
    const entry: Queued = { delivery, notice, failures: 0 }
    this.#entries.push(entry)
    await this.#attempt(entry)
    return delivery
  }

  /** Sends the notices of an order or a refund once more, `times` copies at once, outside their schedule. */
  async repeat(number: string, times = 1): Promise<Delivery[]> {
    const entries = this.#entries.filter(
      ({ delivery: { orderNo, refundNo } }) => orderNo === number || refundNo === number,
    )
    const copies = entries.flatMap((entry) =>
      Array.from({ length: times }, () => this.#post(entry, undefined)),
    )
    await Promise.all(copies)
    return entries.map(({ delivery }) => delivery)
  }

  /** Makes every attempt that is due by now, and waits for those under way. */
  async tick(): Promise<void> {
    for (;;) {
      const due = this.#entries.filter((entry) => entry.running || this.#isDue(entry))
      if (due.length === 0) return
      await Promise.all(due.map((entry) => this.#attempt(entry)))
    }
  }

  list(): readonly Delivery[] {
    return this.#entries.map(({ delivery }) => delivery)
  }

  close(): void {
    this.#closing.abort()
  }

  #isDue({ delivery }: Queued): boolean {
    return delivery.state === 'waiting' && delivery.dueAt <= this.clock.now()
  }

  #attempt(entry: Queued): Promise<void> {
    entry.running ??= this.#attemptOnce(entry).finally(() => {
      delete entry.running
    })
    return entry.running
  }

  async #attemptOnce(entry: Queued): Promise<void> {
    const { delivery, notice } = entry
    const fault = this.faults.consume(notice.api)
    if (fault === 'late') return this.#wait(entry, LATE_MS)
    if (fault === 'never') {
      delivery.state = 'given up'
      return
    }
    if (fault === 'reorder') {
      delivery.state = 'held'
      return
    }
    const copies = fault === 'duplicate' ? 2 : 1
    const results = await Promise.all(Array.from({ length: copies }, () => this.#post(entry, fault)))
    if (!results.includes(true)) this.#fail(entry)
    await this.#releaseHeld(entry)
  }

  #fail(entry: Queued): void {
    const wait = entry.notice.waits[entry.failures]
    entry.failures += 1
    if (wait === undefined) entry.delivery.state = 'given up'
    else this.#wait(entry, wait)
  }

  /** Sleeps in the background. If a tick was faster, `dueAt` has moved on and there is nothing left to do here. */
  #wait(entry: Queued, ms: number): void {
    const { delivery } = entry
    const dueAt = this.clock.now() + ms
    delivery.dueAt = dueAt
    const { signal } = this.#closing
    void this.clock.sleep(ms, signal).then(() => {
      if (!signal.aborted && delivery.dueAt === dueAt && this.#isDue(entry)) return this.#attempt(entry)
      return undefined
    })
  }

  async #post(entry: Queued, fault: Fault | undefined): Promise<boolean> {
    const { delivery, notice } = entry
    const attempt: Attempt = { at: this.clock.now(), understood: false, ...(fault ? { fault } : {}) }
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(this.timeoutMs), this.#closing.signal])
      const answer = await post(notice.url, notice.compose(fault), signal, fault)
      attempt.status = answer.status
      attempt.answer = answer.body
      attempt.understood = notice.understood(answer)
    } catch (error) {
      attempt.error = error instanceof Error ? error.message : String(error)
    }
    delivery.attempts.push(attempt)
    if (attempt.understood) delivery.state = 'delivered'
    this.log(`${notice.api} ${delivery.orderNo} -> ${attempt.status ?? attempt.error}`)
    return attempt.understood
  }

  async #releaseHeld(sent: Queued): Promise<void> {
    const held = this.#entries.filter((entry) => entry !== sent && entry.delivery.state === 'held')
    for (const entry of held) {
      entry.delivery.state = 'waiting'
      entry.delivery.dueAt = this.clock.now()
      await this.#attempt(entry)
    }
  }
}
