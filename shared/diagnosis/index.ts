import { MINUTE_MS } from '../clock.js'
import type { Context, HttpCall, LoggedDiagnosis } from '../operation/index.js'
import { type Diagnosis, type MessageKind, type Refusal, remedyOf } from './causes.js'

/** Longer bodies are not examined: what is tried is tried over all of it. Bytes. */
const MAX_BYTES = 64 * 1024

/** With less time than this left, the answer comes first. Milliseconds. */
const LEAST_LEFT_MS = 1500

/** So many of a kind are examined in a minute, so that a flood of forged calls costs little. */
const PER_MINUTE = 30

/** How many were examined in which minute. Calls and answers apart: forged calls use up nothing but their own budget. */
const spent: Record<MessageKind, { minute: number; times: number }> = {
  notice: { minute: 0, times: 0 },
  answer: { minute: 0, times: 0 },
}

function isWithinBudget(kind: MessageKind, now: number): boolean {
  const minute = Math.floor(now / MINUTE_MS)
  const times = spent[kind].minute === minute ? spent[kind].times + 1 : 1
  spent[kind] = { minute, times }
  return times <= PER_MINUTE
}

type Explain = () => Diagnosis | undefined | Promise<Diagnosis | undefined>

async function diagnose(
  { clock, timeLeft }: Pick<Context, 'clock' | 'timeLeft'>,
  kind: MessageKind,
  body: Buffer,
  explain: Explain,
): Promise<LoggedDiagnosis | undefined> {
  if (body.length > MAX_BYTES || timeLeft() < LEAST_LEFT_MS) return undefined
  if (!isWithinBudget(kind, clock.now())) return undefined
  const finding = await explain()
  if (!finding) return undefined
  const { en, zh } = remedyOf(finding, kind)
  return { finding: finding.cause, remedy: `${en} (${zh})` }
}

/** A provider that can tell why it refused a call. */
interface Explaining {
  explain(call: HttpCall, reason: Refusal): Promise<Diagnosis | undefined>
}

/**
 * Why a call was refused, and what to change: tries what usually happens to messages on their way, and names what
 * would have verified. Runs after the refusal, within the time that is left, and never fails. Nothing of it may reach
 * the sender.
 */
export async function diagnoseNotice(
  context: Pick<Context, 'clock' | 'timeLeft' | 'note'>,
  provider: Explaining,
  call: HttpCall,
  reason: Refusal,
): Promise<LoggedDiagnosis | undefined> {
  try {
    return await diagnose(context, 'notice', call.rawBody, () => provider.explain(call, reason))
  } catch (error) {
    context.note('payment.unexplained', { why: error instanceof Error ? error.message : 'unknown' })
    return undefined
  }
}

/** The same for an answer that does not verify: to be the `cause` of the error that says so, which the log reads. */
export const diagnoseAnswer = (
  dependencies: Pick<Context, 'clock' | 'timeLeft'>,
  body: Buffer,
  explain: Explain,
): Promise<LoggedDiagnosis | undefined> =>
  diagnose(dependencies, 'answer', body, explain).catch(() => undefined)
