import { createCipheriv, createHash } from 'node:crypto'
import { MINUTE_MS, nonce } from '../../../../shared/clock.js'
import type { PlatformContext } from '../contract.js'
import type { WeixinUser } from '../users.js'

/** What the page gets from its button: a code for the server, and the same encrypted under the session key. */
export interface WeixinPhoneNumber {
  code: string
  /** Base64. */
  encryptedData: string
  iv: string
  phoneNumber: string
}

/** Milliseconds for which a code can be used. */
const CODE_LIFE_MS = 5 * MINUTE_MS

interface Issued {
  info: object
  until: number
}

const numberOf = ({ name }: WeixinUser): string => {
  const digits = createHash('sha256').update(`weixin phone ${name}`).digest().readUInt32BE()
  return `138${String(digits % 1e8).padStart(8, '0')}`
}

/** The numbers that users agreed to give, by the code of each agreement. */
export class PhoneCodes {
  readonly #issued = new Map<string, Issued>()

  constructor(private readonly context: Pick<PlatformContext, 'clock' | 'random' | 'app'>) {}

  /** What the button of that user gives. Its session key is the one of the last login. */
  give(user: WeixinUser): WeixinPhoneNumber {
    const { clock, random, app } = this.context
    const phoneNumber = numberOf(user)
    const watermark = { timestamp: Math.floor(clock.now() / 1000), appid: app.appId }
    const info = { phoneNumber, purePhoneNumber: phoneNumber, countryCode: '86', watermark }
    const code = nonce(random, 64)
    this.#issued.set(code, { info, until: clock.now() + CODE_LIFE_MS })
    const iv = random.bytes(16)
    const cipher = createCipheriv('aes-128-cbc', Buffer.from(user.sessionKey, 'base64'), iv)
    const encrypted = Buffer.concat([cipher.update(JSON.stringify(info), 'utf8'), cipher.final()])
    return { code, phoneNumber, encryptedData: encrypted.toString('base64'), iv: iv.toString('base64') }
  }

  /** The number behind a code, which works once. */
  use(code: string): object | undefined {
    const issued = this.#issued.get(code)
    this.#issued.delete(code)
    return issued && issued.until > this.context.clock.now() ? issued.info : undefined
  }
}
