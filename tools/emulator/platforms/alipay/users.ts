import { createHash } from 'node:crypto'
import type { AlipayAccount, AlipayTerms } from './account.js'

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
    private readonly terms: AlipayTerms,
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
    return this.terms.userIds === 'user_id' ? userId : openId
  }

  /** The id, under the one of Alipay's two names for that place that goes with it. */
  fieldOf(user: AlipayUser, forUserId: string, forOpenId: string): Record<string, string> {
    return { [this.terms.userIds === 'user_id' ? forUserId : forOpenId]: this.idOf(user) }
  }

  /** By the id that the application is told; the other one says nothing to it. */
  find(id: string): AlipayUser | undefined {
    return this.list().find((user) => this.idOf(user) === id)
  }

  list(): AlipayUser[] {
    return [...this.#users.values()]
  }
}
