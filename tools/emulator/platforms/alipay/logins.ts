import { type Clock, nonce, type Random } from '../../../../shared/clock.js'
import { AlipayRefusal } from './refusal.js'
import type { AlipayUser, AlipayUsers } from './users.js'

const NAME = /^[^\s-]{1,32}$/u
const DEMO_CODE = /^demo-([^\s-]{1,32})(-\S{1,64})?$/u
const REFRESHABLE_MS = 30 * 24 * 3600 * 1000

/** What a login or its renewal gives. */
export interface Login {
  user: AlipayUser
  accessToken: string
  refreshToken: string
}

/** Codes and tokens. `demo-<name>` works again and again, `demo-<name>-<anything>` once. */
export class Logins {
  readonly #used = new Set<string>()
  readonly #refreshable = new Map<string, { user: AlipayUser; until: number }>()

  constructor(
    private readonly users: AlipayUsers,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** A fresh code for one login, as `my.getAuthCode` gives it. */
  codeFor(name: string): string {
    if (!NAME.test(name)) throw new Error('name: expected up to 32 characters without space or -')
    return `demo-${name}-${nonce(this.random)}`
  }

  byCode(code: string): Login {
    const [, name, once] = DEMO_CODE.exec(code) ?? []
    if (name === undefined || this.#used.has(code)) {
      throw new AlipayRefusal('40002', 'isv.code-invalid', '授权码code无效')
    }
    if (once !== undefined) this.#used.add(code)
    return this.#login(this.users.named(name))
  }

  /** A refresh token, too, is good once. */
  byRefreshToken(token: string): Login {
    const known = this.#refreshable.get(token)
    this.#refreshable.delete(token)
    if (!known) throw new AlipayRefusal('40002', 'isv.refresh-token-invalid', '刷新令牌refresh_token无效')
    if (known.until <= this.clock.now()) {
      throw new AlipayRefusal('40002', 'isv.refresh-token-time-out', '刷新令牌refresh_token过期')
    }
    return this.#login(known.user)
  }

  #login(user: AlipayUser): Login {
    const refreshToken = `authbseR${nonce(this.random)}`
    this.#refreshable.set(refreshToken, { user, until: this.clock.now() + REFRESHABLE_MS })
    return { user, accessToken: `authbseB${nonce(this.random)}`, refreshToken }
  }
}
