import { type KeyObject, sign, verify } from 'node:crypto'

/**
 * The jobs that are compared, done with `node:crypto` alone: the least that is still correct. It knows one merchant
 * and one key, and gives no reasons; what it refuses is false or undefined.
 */

export type Texts = Readonly<Record<string, string>>

/** What decides about money; ours tells more. Fen. */
export interface Payment {
  outTradeNo: string
  transactionId: string
  totalFee: number
}

export const joined = (fields: Texts, leaveOut: readonly string[] = []): string =>
  Object.keys(fields)
    .filter((name) => fields[name] && !leaveOut.includes(name))
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')

export const rsaSigned = (text: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(text), key).toString('base64')

export const isRsaSigned = (bytes: Buffer, key: KeyObject, signature = ''): boolean =>
  verify('sha256', bytes, key, Buffer.from(signature, 'base64'))
