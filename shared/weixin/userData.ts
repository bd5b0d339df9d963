import { createDecipheriv } from 'node:crypto'
import { OpenapiError } from '../errors/index.js'

/** What a mini program gets from WeChat for its server: base64 throughout. */
export interface SealedUserData {
  encryptedData: string
  iv: string
  sessionKey: string
}

/** A code of the same button lives as long; older data may be somebody else's copy. */
const FRESH_SECONDS = 5 * 60

const KEY_BYTES = 16

/**
 * Opens AES-128-CBC with PKCS#7 and checks the watermark inside: this application's, and of the last five minutes
 * (`nowMs`, either way). Everything that can go wrong is one error: which step failed would tell an attacker whether a
 * forged text had good padding.
 */
export function openUserData(sealed: SealedUserData, appId: string, nowMs: number): Record<string, unknown> {
  const data = decipher(sealed)
  const { appid, timestamp } = (data?.watermark ?? {}) as { appid?: unknown; timestamp?: unknown }
  const age = Math.abs(nowMs / 1000 - Number(timestamp))
  if (data && appid === appId && age <= FRESH_SECONDS) return data
  throw new OpenapiError({
    errCode: 'DECRYPTION_FAILED',
    errMsg:
      'encryptedData: cannot be opened with this login, is not of this application or is older than five minutes; ' +
      'log in again, then let the user press the button again',
    advice: 'ask the user',
  })
}

function decipher({ encryptedData, iv, sessionKey }: SealedUserData): Record<string, unknown> | undefined {
  const key = Buffer.from(sessionKey, 'base64')
  const start = Buffer.from(iv, 'base64')
  if (key.length !== KEY_BYTES || start.length !== KEY_BYTES) return undefined
  try {
    const cipher = createDecipheriv('aes-128-cbc', key, start)
    const text = Buffer.concat([cipher.update(encryptedData, 'base64'), cipher.final()]).toString('utf8')
    const data: unknown = JSON.parse(text)
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
