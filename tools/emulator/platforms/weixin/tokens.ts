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

/** What one application was given of each kind. */
interface Family {
  plain?: Token
  stable?: Token
  lastForced: number
  forcedDay: string
  forcedToday: number
}

/** The access tokens of every application: plain and stable ones, which do not touch each other. */
export class Tokens {
  readonly #issued = new Map<string, Token>()
  readonly #families = new Map<string, Family>()

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** `/cgi-bin/token`: always a new one; the one before works five minutes more. */
  plain(appId: string): TokenAnswer {
    const family = this.#familyOf(appId)
    if (family.plain) this.#retire(family.plain, this.clock.now() + OVERLAP_MS)
    family.plain = this.#issue()
    return this.#answer(family.plain)
  }

  /**
   * `/cgi-bin/stable_token`: the same until its last five minutes. Forced, it dies at once and another comes, unless
   * the last forced one is less than 30 s old (then nothing is renewed); the 21st of a day is refused.
   */
  stable(appId: string, force: boolean): TokenAnswer {
    const family = this.#familyOf(appId)
    const now = this.clock.now()
    if (force) this.#countForced(family, now)
    if (force && now - family.lastForced >= FORCED_GAP_MS) {
      family.lastForced = now
      if (family.stable) this.#retire(family.stable, now)
      delete family.stable
    }
    const current = family.stable
    const token = current && current.expiresAt - now > OVERLAP_MS ? current : this.#issue()
    family.stable = token
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
    if (stillIssued) return
    for (const family of this.#families.values()) {
      if (family.stable && now >= family.stable.retiredAt) delete family.stable
    }
  }

  #familyOf(appId: string): Family {
    const known = this.#families.get(appId)
    if (known) return known
    const family = { lastForced: Number.NEGATIVE_INFINITY, forcedDay: '', forcedToday: 0 }
    this.#families.set(appId, family)
    return family
  }

  #countForced(family: Family, now: number): void {
    const day = beijingDay(now)
    if (day !== family.forcedDay) family.forcedToday = 0
    family.forcedDay = day
    if (family.forcedToday >= FORCED_PER_DAY) throw new WeixinRefusal(45009)
    family.forcedToday += 1
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
