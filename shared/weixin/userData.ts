import { createDecipheriv } from 'node:crypto'
import { DECRYPTION_FAILED, openapiError } from '../errors/index.js'
import { readJson } from '../json.js'

/** What a mini program gets from WeChat for its server: base64 throughout. */
export interface EncryptedUserData {
  encryptedData: string
  iv: string
  sessionKey: string
}

/** As long as a code of the same button is valid; older data may be a copy in other hands. */
const FRESH_SECONDS = 5 * 60

const KEY_BYTES = 16

/**
 * Decrypts AES-128-CBC with PKCS#7 and checks the watermark inside: this application's, and of the last five minutes
 * (`nowMs`, either way). Everything that can go wrong is one error: which step failed would tell an attacker whether a
 * forged text had good padding.
 */
export function decryptUserData(
  encrypted: EncryptedUserData,
  appId: string,
  nowMs: number,
): Record<string, unknown> {
  const data = decipher(encrypted)
  const { appid, timestamp } = (data?.watermark ?? {}) as { appid?: unknown; timestamp?: unknown }
  const age = Math.abs(nowMs / 1000 - Number(timestamp))
  if (data && appid === appId && age <= FRESH_SECONDS) return data
  throw openapiError(DECRYPTION_FAILED)
}

function decipher({ encryptedData, iv, sessionKey }: EncryptedUserData): Record<string, unknown> | undefined {
  const key = Buffer.from(sessionKey, 'base64')
  const start = Buffer.from(iv, 'base64')
  if (key.length !== KEY_BYTES || start.length !== KEY_BYTES) return undefined
  try {
    const cipher = createDecipheriv('aes-128-cbc', key, start)
    const text = Buffer.concat([cipher.update(encryptedData, 'base64'), cipher.final()]).toString('utf8')
    const data: unknown = readJson(text)
    return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
