import { createHash } from 'node:crypto'
import type { Random } from '../../../shared/clock.js'

/** A user of the mini program. */
export interface WeixinUser {
  name: string
  openid: string
  unionid: string
  /** Base64 of 16 bytes; the same at every login until it is renewed. */
  sessionKey: string
}

/** 28 characters that begin with an `o`, as WeChat's ids do, and depend on nothing but the text. */
const idOf = (text: string): string =>
  `o${createHash('sha256').update(text).digest('base64url').slice(0, 27)}`

/** Everybody who has used the app. An openid depends on app and name alone, so it outlives a restart. */
export class WeixinUsers {
  readonly #byOpenid = new Map<string, WeixinUser>()
  readonly #documented = new Map<string, WeixinUser>()

  constructor(
    private readonly appId: string,
    private readonly random: Random,
  ) {}

  /** The person of that name, who has used the app from now on. */
  named(name: string): WeixinUser {
    const openid = idOf(`openid:${this.appId}:${name}`)
    const known = this.#byOpenid.get(openid)
    if (known) return known
    const sessionKey = this.random.bytes(16).toString('base64')
    const person: WeixinUser = { name, openid, unionid: idOf(`unionid:${name}`), sessionKey }
    this.#byOpenid.set(openid, person)
    return person
  }

  find(openid: string): WeixinUser | undefined {
    return this.#byOpenid.get(openid) ?? this.#documented.get(openid)
  }

  /** Lets somebody whom the documents name be found, although nobody of that name has logged in. */
  welcome(user: Pick<WeixinUser, 'openid'> & Partial<WeixinUser>): WeixinUser {
    const { openid } = user
    const known = this.#documented.get(openid)
    const sessionKey = known?.sessionKey ?? this.random.bytes(16).toString('base64')
    const whole = { name: 'documented', unionid: idOf(`unionid:${openid}`), sessionKey, ...known, ...user }
    this.#documented.set(openid, whole)
    return whole
  }

  /** Without session keys. */
  list(): Omit<WeixinUser, 'sessionKey'>[] {
    return [...this.#byOpenid.values()].map(({ name, openid, unionid }) => ({ name, openid, unionid }))
  }
}
