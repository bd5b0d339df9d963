import type { Random } from '../clock.js'
import { invalidSetting, type SettingName, type Settings } from '../config/index.js'
import { openAes256Gcm, sealAes256Gcm } from '../crypto/ciphers.js'
import { sha256Hex } from '../crypto/digest.js'
import type { Context, HttpCall } from '../operation/index.js'
import { retryOnConflict } from '../store/documents.js'
import type { NoticeRecord, PendingEvent, Store } from '../store/port.js'

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

/** How many refused calls are kept; a repeated one takes no second place. */
const SLOTS = 64

/** Keeps what was refused, as far as there is room, for whoever looks into it. Never fails: a refusal stays one. */
export async function keepRefusal(
  context: Context,
  about: { provider: string; reason: string },
  bytes: Buffer,
): Promise<void> {
  const slot = Number.parseInt(sha256Hex(bytes).slice(0, 8), 16) % SLOTS
  try {
    const evidence = sealEvidence(bytes, context.settings, context.random)
    const { notices } = await context.store()
    await notices.keepRefused({ slot, ...about, evidence, at: context.clock.now() })
  } catch (error) {
    context.note('refusal.evidenceLost', { why: error instanceof Error ? error.message : 'unknown' })
  }
}

type Verdict = NonNullable<NoticeRecord['verdict']>

/**
 * Whether a verdict is news about a message that was applied before. The order may have turned up since, been mended or
 * restored to what it was before the message, or be gone; that it shows what was applied to it is no news.
 */
const isOpenTo = ({ status, verdict: known }: NoticeRecord, verdict: Verdict): boolean =>
  status === 'received' || (known !== verdict && !(known === 'applied' && verdict === 'nothing'))

/**
 * Marks a kept message as applied, with what it led to and the event that it becomes. Undefined when somebody else, with
 * the same message, was faster, or when it led to nothing new. `at` in milliseconds.
 */
export function markApplied(
  store: Store,
  id: string,
  verdict: Verdict,
  at: number,
  event?: PendingEvent,
): Promise<NoticeRecord | undefined> {
  return retryOnConflict(async () => {
    const current = await store.notices.find(id)
    const isNews = current !== undefined && isOpenTo(current, verdict)
    if (!current || (!isNews && current.confirmAt === undefined)) return { result: undefined }
    const { confirmAt: _asked, plannedAt: _planned, ...kept } = current
    const applied: NoticeRecord = {
      ...kept,
      ...{ status: 'applied', appliedAt: at },
      ...(isNews ? { verdict } : {}),
      events: isNews && event ? [...current.events, event] : current.events,
    }
    if (!(await store.notices.replace(applied))) return 'lost'
    return { result: isNews ? { ...applied, rev: applied.rev + 1 } : undefined }
  })
}
