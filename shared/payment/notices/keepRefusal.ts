import { sha256Hex } from '../../crypto/digest.js'
import { sealEvidence } from '../../events/evidence.js'
import type { Context } from '../../operation/index.js'

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
