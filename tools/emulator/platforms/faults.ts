/** Every way in which a provider, or the line to it, can misbehave. One entry lasts for one call or one attempt. */
export const faultMeanings = {
  busy: 'answers that the system is busy, and does nothing',
  'busy-acted': 'answers that the system is busy, although it has acted',
  timeout: 'does nothing and never answers; a notice stops half way',
  lost: 'acts, then cuts the line before the answer; a notice arrives, but its answer is not heard',
  dropped: 'a notice never leaves, and counts as failed',
  html: 'a gateway in between answers 502 with a page, and nothing is done',
  truncated: 'the second half of the body is missing',
  forged: 'the signature is wrong',
  unsigned: 'the signature is missing',
  probe: 'the signature begins with WECHATPAY/SIGNTEST/, as those that WeChat Pay sends to test verifiers',
  stale: 'the time in the signature is ten minutes ago',
  'unknown-serial': 'the signature names a key that nobody knows',
  denied: 'somebody in between answers, unsigned, that there is no such thing, and nothing is done',
  'wrong-amount': 'the amount is one fen higher, under a good signature',
  'wrong-merchant': 'the merchant is another, under a good signature',
  'other-app': 'the application is another, under a good signature',
  downgraded: 'signed with SHA-1, and says so, although SHA-256 was agreed on',
  'wrong-key': 'what is encrypted inside is encrypted with another key',
  'wrong-hash': 'the hash announced for a file is that of another one',
  'wrong-host': 'the address announced for a file is at another host',
  creating: 'the bill is not made yet',
  'no-funds': 'the merchant has not enough money to refund, and nothing is done',
  contended: 'two refunds of one order got in each others way, and nothing is done',
  unfinished:
    'a refund is accepted and takes its time; a cancelling asks to be called again, and does nothing',
  'unlisted-address': 'the caller has an address that is not in the allow-list of the application',
  unbound: 'the application is not bound to the merchant',
  'no-permission': 'the merchant may not use this API',
  'revoked-token': 'the token that comes with the call is dead from now on',
  duplicate: 'a notice is sent twice at the same moment',
  late: 'a notice starts an hour late',
  never: 'a notice never leaves, and neither do its repeats',
  reorder: 'a notice waits until another one has been sent',
} as const

export type Fault = keyof typeof faultMeanings

export const isFault = (text: unknown): text is Fault =>
  typeof text === 'string' && Object.hasOwn(faultMeanings, text)

/** Something that can be told to misbehave: an API or the notices of a payment system. */
export interface FaultTarget {
  readonly name: string
  readonly path?: string
  readonly faults: readonly Fault[]
}

interface Waiting {
  api: string
  fault: Fault
  times: number
}

/** The faults that were ordered and have not happened yet, in order. */
export class Faults {
  #waiting: Waiting[] = []
  readonly #targets: FaultTarget[] = []

  /** Tells what faults can aim at. */
  offer(targets: readonly FaultTarget[]): void {
    this.#targets.push(...targets)
  }

  /**
   * The next `times` calls of `api` (its name or its path, `weixin-pay-v2.notice` for payment notices) meet `fault`.
   * Throws when the API is unknown or cannot fail like that, and says what would be possible.
   */
  next(api: string, fault: Fault, times = 1): void {
    const target = this.#targets.find(({ name, path }) => name === api || path === api)
    if (!target) throw new Error(`no API ${api}; known: ${this.#targets.map(({ name }) => name).join(', ')}`)
    if (!target.faults.includes(fault)) {
      throw new Error(`${target.name} cannot meet ${fault}; possible: ${target.faults.join(', ')}`)
    }
    if (!Number.isSafeInteger(times) || times < 1) throw new Error('times: expected a whole number from 1')
    this.#waiting.push({ api: target.name, fault, times })
  }

  /** Takes the fault that the call of `api` now has to meet, if there is one. */
  consume(api: string): Fault | undefined {
    const next = this.#waiting.find((waiting) => waiting.api === api)
    if (!next) return undefined
    next.times -= 1
    if (next.times === 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== next)
    return next.fault
  }

  clear(): void {
    this.#waiting = []
  }

  pending(): Readonly<Waiting>[] {
    return this.#waiting.map((waiting) => ({ ...waiting }))
  }
}
