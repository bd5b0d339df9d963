import type { Context, HttpCall } from '../../operation/index.js'
import type { PaymentProvider, Refusal } from '../provider.js'
import { type Finding, remedyOf } from './findings.js'

/** Longer bodies are not examined: what is tried is tried over all of it. Bytes. */
const MAX_BYTES = 64 * 1024

/** With less time than this left, the answer comes first. Milliseconds. */
const LEAST_LEFT_MS = 1500

/** So many refused calls a minute are examined: whoever floods an address with forgeries is not worked for. */
const PER_MINUTE = 30
const MINUTE_MS = 60_000

let minute = 0
let examined = 0

function isDue(now: number): boolean {
  const current = Math.floor(now / MINUTE_MS)
  if (current !== minute) {
    minute = current
    examined = 0
  }
  examined += 1
  return examined <= PER_MINUTE
}

/** What the log is told of a refused call. */
export interface Examined {
  finding: Finding['cause']
  remedy: string
}

/**
 * Why a call was refused, and what to change: tries what usually happens to messages on their way, and names what
 * would have verified. Runs after the refusal, within the time that is left, and never fails. Nothing of it may reach
 * the sender.
 */
export async function examine(
  context: Context,
  provider: PaymentProvider,
  call: HttpCall,
  reason: Refusal,
): Promise<Examined | undefined> {
  if (call.rawBody.length > MAX_BYTES || context.timeLeft() < LEAST_LEFT_MS) return undefined
  if (!isDue(context.clock.now())) return undefined
  try {
    const finding = await provider.explain(call, reason)
    return finding && { finding: finding.cause, remedy: remedyOf(finding) }
  } catch (error) {
    context.note('payment.unexplained', { why: error instanceof Error ? error.message : 'unknown' })
    return undefined
  }
}
