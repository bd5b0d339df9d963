import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

/** What the console of message push holds of one application. */
export interface PushAccount {
  appId: string
  token: string
  encodingAesKey: string
}

const sha = (text: string): string => createHash('sha256').update(`twin push ${text}`).digest('hex')

/** Follows from the application, so that settings written down once fit again. */
export const pushAccountOf = (appId: string): PushAccount => ({
  appId,
  token: sha(`${appId} token`).slice(0, 32),
  encodingAesKey: sha(`${appId} key`).slice(0, 43),
})

/** Of WeChat's texts in any order: sorted by their bytes, joined, SHA-1 in hex. */
export function pushSignature(...texts: readonly string[]): string {
  const sorted = texts.map((text) => Buffer.from(text)).sort(Buffer.compare)
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex')
}

const keyOf = ({ encodingAesKey }: PushAccount): Buffer => Buffer.from(`${encodingAesKey}=`, 'base64')

/** Sixteen random bytes, the length, the text, the appid; padded to whole blocks of 32. */
export function encryptMessage(account: PushAccount, text: string, random: Buffer): string {
  const bytes = Buffer.from(text)
  const size = Buffer.from([bytes.length >>> 24, bytes.length >>> 16, bytes.length >>> 8, bytes.length])
  const whole = [...random, ...size, ...bytes, ...Buffer.from(account.appId)]
  const pad = 32 - (whole.length % 32)
  return encryptBytes(account, Buffer.from([...whole, ...Array<number>(pad).fill(pad)]))
}

/** Any bytes, whose number is a multiple of 16, under the account's key: for what WeChat would never send. */
export function encryptBytes(account: PushAccount, bytes: Buffer): string {
  const key = keyOf(account)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return cipher.update(bytes, undefined, 'base64') + cipher.final('base64')
}

/** Throws when it is not encrypted as WeChat expects answers to be. */
export function decryptMessage(account: PushAccount, base64: string): string {
  const key = keyOf(account)
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const plain = Buffer.from(decipher.update(base64, 'base64', 'latin1') + decipher.final('latin1'), 'latin1')
  const pad = plain.at(-1) ?? 0
  const end = 20 + plain.readUInt32BE(16)
  const appId = plain.subarray(end, plain.length - pad).toString()
  const padding = [...plain.subarray(plain.length - pad)]
  if (pad < 1 || pad > 32 || !padding.every((byte) => byte === pad)) throw new Error('the padding is wrong')
  if (appId !== account.appId) throw new Error('encrypted for another application')
  return plain.subarray(20, end).toString()
}

/** The fields of a push in WeChat's own words; lists and objects may stand in each other. */
export type PushFields = Readonly<Record<string, unknown>>

export type PushFormat = 'json' | 'xml'

/** As WeChat writes it: texts in CDATA, numbers bare, an element for every item of a list. */
export function pushText(fields: PushFields, format: PushFormat): string {
  return format === 'json' ? JSON.stringify(fields) : `<xml>${elements(fields)}</xml>`
}

const elements = (fields: object): string =>
  Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => element(name, each)))
    .join('')

const element = (name: string, value: unknown): string => `<${name}>${content(value)}</${name}>`

function content(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object' && value !== null) return elements(value)
  return `<![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

/** One field of an answer: WeChat asks no more of it. */
export function fieldOf(text: string, name: string): string | undefined {
  if (text.startsWith('{')) {
    const value = (JSON.parse(text) as PushFields)[name]
    return value === undefined ? undefined : String(value)
  }
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([^\\]]*)\\]\\]>|([^<]*))</${name}>`).exec(text)
  return found?.[1] ?? found?.[2]
}
