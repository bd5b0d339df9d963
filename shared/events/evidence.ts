import type { Random } from '../clock.js'
import { invalidSetting, type SettingName, type Settings } from '../config/index.js'
import { openAes256Gcm, sealAes256Gcm } from '../crypto/gcm.js'
import type { HttpCall } from '../operation/index.js'

/** The setting under whose key evidence is sealed. */
export const evidenceSettings: readonly SettingName[] = ['EVIDENCE_KEY']

const NONCE_BYTES = 12

/** In front of sealed evidence; base64 has no such character. */
const SEALED = 'sealed:'

/** More than any genuine message has; a forger does not get to fill the database. Bytes. */
const MAX_REFUSED = 16 * 1024

/** Headers that a signature may cover, or that say how to read the body. */
const TELLING = /^(content-type|wechatpay-[a-z-]+)$/

/**
 * A call as it can be judged again later: the telling headers, an empty line, and the body's bytes as they arrived.
 * Another order of headers or another set of them changes nothing about the body.
 */
export function callEvidence({ headers, rawBody }: HttpCall): Buffer {
  const lines = Object.entries(headers).filter(([name]) => TELLING.test(name))
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.concat([Buffer.from(`${head}\r\n`), rawBody])
}

/** The start of a refused call, which may be as large and as many as somebody likes. */
export const refusedEvidence = (call: HttpCall): Buffer => callEvidence(call).subarray(0, MAX_REFUSED)

/** Evidence as the store keeps it: base64, sealed with AES-256-GCM where EVIDENCE_KEY is set. */
export function sealEvidence(bytes: Buffer, settings: Settings, random: Random): string {
  const key = evidenceKey(settings)
  if (!key) return bytes.toString('base64')
  const nonce = random.bytes(NONCE_BYTES)
  return SEALED + Buffer.concat([nonce, sealAes256Gcm({ key, nonce }, bytes)]).toString('base64')
}

/** The reverse of {@link sealEvidence}. Throws when EVIDENCE_KEY is not the one it was sealed with. */
export function openEvidence(kept: string, settings: Settings): Buffer {
  if (!kept.startsWith(SEALED)) return Buffer.from(kept, 'base64')
  const key = evidenceKey(settings)
  if (!key) throw settings.missing('EVIDENCE_KEY')
  const sealed = Buffer.from(kept.slice(SEALED.length), 'base64')
  return openAes256Gcm({ key, nonce: sealed.subarray(0, NONCE_BYTES) }, sealed.subarray(NONCE_BYTES))
}

function evidenceKey(settings: Settings): Buffer | undefined {
  const text = settings.get('EVIDENCE_KEY')
  if (text === undefined) return undefined
  const key = Buffer.from(text, 'base64')
  if (key.length === 32) return key
  throw invalidSetting('EVIDENCE_KEY', 'not 32 bytes')
}
