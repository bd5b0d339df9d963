/** Twice as long as a signature lasts, in either direction. */
const KEPT_MS = 10 * 60 * 1000

/** The nonces of the last minutes: a request that was overheard is not taken again. */
export class Nonces {
  readonly #seen = new Map<string, number>()

  /** Whether `nonce` is new at `now` (milliseconds); from then on it is not. */
  take(nonce: string, now: number): boolean {
    for (const [old, at] of this.#seen) {
      if (at + KEPT_MS > now) break
      this.#seen.delete(old)
    }
    if (this.#seen.has(nonce)) return false
    this.#seen.set(nonce, now)
    return true
  }
}
