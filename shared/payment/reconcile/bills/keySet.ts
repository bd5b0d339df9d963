/** The part of the places that is taken at most. */
const MOST_TAKEN = 0.8

/**
 * A set of texts, of which it keeps 64 bits each: two million, as of a million rows of a bill, take 20 MB. Two of a million texts share
 * their 64 bits about once in thirty million days.
 */
export class KeySet {
  #slots: Uint32Array
  #size = 0

  /** `expected`: how many there will be at least; for more it makes room, and has both rooms for a moment. */
  constructor(expected = 1024) {
    this.#slots = new Uint32Array(2 * Math.ceil(Math.max(expected, 16) / MOST_TAKEN))
  }

  get size(): number {
    return this.#size
  }

  /** False when it was there already. */
  add(text: string): boolean {
    if (this.#size * 2 >= this.#slots.length * MOST_TAKEN) this.#grow()
    const [high, low] = hashes(text)
    const at = place(this.#slots, high, low)
    if (isTaken(this.#slots, at)) return false
    this.#slots[at] = high
    this.#slots[at + 1] = low
    this.#size += 1
    return true
  }

  has(text: string): boolean {
    const [high, low] = hashes(text)
    return isTaken(this.#slots, place(this.#slots, high, low))
  }

  #grow(): void {
    const old = this.#slots
    const slots = new Uint32Array(old.length * 2)
    for (let at = 0; at < old.length; at += 2) {
      if (!isTaken(old, at)) continue
      const [high = 0, low = 0] = [old[at], old[at + 1]]
      const to = place(slots, high, low)
      slots[to] = high
      slots[to + 1] = low
    }
    this.#slots = slots
  }
}

const isTaken = (slots: Uint32Array, at: number): boolean => slots[at] !== 0 || slots[at + 1] !== 0

/** Where these bits are, or would be: the next free place behind the one they choose. */
function place(slots: Uint32Array, high: number, low: number): number {
  let at = 2 * (low % (slots.length / 2))
  while (isTaken(slots, at) && (slots[at] !== high || slots[at + 1] !== low)) {
    at += 2
    if (at === slots.length) at = 0
  }
  return at
}

/** Two hashes of 32 bits that have nothing to do with each other; never both zero, which is an empty place. */
function hashes(text: string): [number, number] {
  let high = 0x811c9dc5
  let low = 0x9747b28c
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x5bd1e995)
    low ^= low >>> 15
  }
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b)
  return [high >>> 0, (low ^ (low >>> 13)) >>> 0 || 1]
}

/** By what a row and an order are matched: refunds by both numbers, since Alipay's are unique in their trade alone. */
export const paymentKey = (outTradeNo: string): string => `p\n${outTradeNo}`

/** By what a movement of money is matched with a payment. */
export const transactionKey = (transactionId: string): string => `t\n${transactionId}`

/** A movement for a payment or refund, or for its charge, of just so many fen. */
export const movementKey = (kind: 'payment' | 'refund' | 'charge', number: string, moved: number): string =>
  `${kind}\n${number}\n${moved}`

/** The same with a refund: by WeChat Pay's number of it, or Alipay's of the trade together with the fen. */
export const refundedKey = (refundId: string, transactionId: string, moved: number): string =>
  `m\n${refundId || `${transactionId}\n${moved}`}`

export const refundKey = (outTradeNo: string, outRefundNo: string): string =>
  `r\n${outTradeNo}\n${outRefundNo}`
