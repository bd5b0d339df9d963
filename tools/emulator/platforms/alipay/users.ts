import { createHash } from 'node:crypto'
import { type Clock, DAY_MS, nonce, type Random } from '../../../../shared/clock.js'
import type { AlipayAccount, AlipayAgreement } from './account.js'
import { AlipayRefusal } from './rules.js'

/** Somebody with an Alipay account. */
export interface AlipayUser {
  readonly name: string
  /** Sixteen digits that begin with 2088; the same for every application. */
  readonly userId: string
  /** For this application alone. */
  readonly openId: string
  readonly unionId: string
  /** With the middle hidden. */
  readonly logonId: string
}

const hash = (text: string): Buffer => createHash('sha512').update(text).digest()

/** Everybody who has used the application. Ids depend on names and the application alone, so they outlive a restart. */
export class AlipayUsers {
  readonly #users = new Map<string, AlipayUser>()

  constructor(
    private readonly account: AlipayAccount,
    private readonly agreement: AlipayAgreement,
  ) {}

  /** The user of that name, who has used the application from now on. */
  named(name: string): AlipayUser {
    const known = this.#users.get(name)
    if (known) return known
    const number = hash(`user ${name}`).readBigUInt64BE() % 10n ** 12n
    const user = {
      name,
      userId: `2088${String(number).padStart(12, '0')}`,
      openId: `0${hash(`open ${this.account.appId} ${name}`).toString('base64url').slice(0, 46)}`,
      unionId: hash(`union ${name}`).toString('base64url').slice(0, 40),
      logonId: `${[...name].slice(0, 3).join('')}***@example.com`,
    }
    this.#users.set(name, user)
    return user
  }

  /** The id that the application is told. */
  idOf({ userId, openId }: AlipayUser): string {
    return this.agreement.userIds === 'user_id' ? userId : openId
  }

  /** The id, under the one of Alipay's two names for that place that goes with it. */
  fieldOf(user: AlipayUser, forUserId: string, forOpenId: string): Record<string, string> {
    return { [this.agreement.userIds === 'user_id' ? forUserId : forOpenId]: this.idOf(user) }
  }

  /** By the id that the application is told; the other one says nothing to it. */
  find(id: string): AlipayUser | undefined {
    return this.list().find((user) => this.idOf(user) === id)
  }

  list(): AlipayUser[] {
    return [...this.#users.values()]
  }
}

const NAME = /^[^\s-]{1,32}$/u
const DEMO_CODE = /^demo-([^\s-]{1,32})(-\S{1,64})?$/u
const REFRESHABLE_MS = 30 * DAY_MS

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
