import { beijingDay, type Clock, type Random } from '../../../../shared/clock.js'
import { type ErrCode, WeixinRefusal } from './rules.js'

const LIFE_MS = 7200 * 1000
/** The last five minutes: a stable token is renewed in them, a replaced plain one dies after them. */
const OVERLAP_MS = 300 * 1000
const FORCED_PER_DAY = 20
const FORCED_GAP_MS = 30 * 1000

interface Token {
  value: string
  expiresAt: number
  /** From here on it is no longer the latest, whatever is left of its life. */
  retiredAt: number
}

export interface TokenAnswer {
  access_token: string
  /** Seconds. */
  expires_in: number
}

/** The two families of access tokens of one app, which do not touch each other. */
export class Tokens {
  readonly #issued = new Map<string, Token>()
  #plain: Token | undefined
  #stable: Token | undefined
  #lastForced = Number.NEGATIVE_INFINITY
  #forcedDay = ''
  #forcedToday = 0

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** `/cgi-bin/token`: always a new one; the one before works five minutes more. */
  plain(): TokenAnswer {
    if (this.#plain) this.#retire(this.#plain, this.clock.now() + OVERLAP_MS)
    this.#plain = this.#issue()
    return this.#answer(this.#plain)
  }

  /**
   * `/cgi-bin/stable_token`: the same until its last five minutes. Forced, it dies at once and another comes, unless
   * the last forced one is less than 30 s old (then nothing is renewed); the 21st of a day is refused.
   */
  stable(force: boolean): TokenAnswer {
    const now = this.clock.now()
    if (force) this.#countForced(now)
    if (force && now - this.#lastForced >= FORCED_GAP_MS) {
      this.#lastForced = now
      if (this.#stable) this.#retire(this.#stable, now)
      this.#stable = undefined
    }
    const current = this.#stable
    const token = current && current.expiresAt - now > OVERLAP_MS ? current : this.#issue()
    this.#stable = token
    return this.#answer(token)
  }

  /** The code with which a call under this token is refused; undefined when it is good. */
  refusal(value: string | undefined): ErrCode | undefined {
    if (!value) return 41001
    const token = this.#issued.get(value)
    const now = this.clock.now()
    if (!token || now >= token.retiredAt) return 40001
    return now >= token.expiresAt ? 42001 : undefined
  }

  /**
   * Kills a token, or all of them. With `stillIssued` the stable endpoint goes on handing out the dead one until it
   * is forced, as WeChat has been seen to do.
   */
  revoke(value?: string, stillIssued = false): void {
    const now = this.clock.now()
    for (const token of this.#issued.values()) {
      if (value === undefined || token.value === value) this.#retire(token, now)
    }
    if (!stillIssued && this.#stable && now >= this.#stable.retiredAt) this.#stable = undefined
  }

  #countForced(now: number): void {
    const day = beijingDay(now)
    if (day !== this.#forcedDay) this.#forcedToday = 0
    this.#forcedDay = day
    if (this.#forcedToday >= FORCED_PER_DAY) throw new WeixinRefusal(45009)
    this.#forcedToday += 1
  }

  #issue(): Token {
    const value = `${this.#issued.size + 1}_${this.random.bytes(99).toString('base64url')}`
    const expiresAt = this.clock.now() + LIFE_MS
    const token: Token = { value, expiresAt, retiredAt: Number.POSITIVE_INFINITY }
    this.#issued.set(value, token)
    return token
  }

  #retire(token: Token, at: number): void {
    token.retiredAt = Math.min(token.retiredAt, at)
  }

  #answer(token: Token): TokenAnswer {
    const expires_in = Math.floor((token.expiresAt - this.clock.now()) / 1000)
    return { access_token: token.value, expires_in }
  }
}
