import type { Context, Examined, HttpCall } from '../operation/index.js'
import type { PaymentProvider, Refusal } from '../payment/provider.js'
import { type Came, type Finding, remedyOf } from './findings.js'

/** Longer bodies are not examined: what is tried is tried over all of it. Bytes. */
const MAX_BYTES = 64 * 1024

/** With less time than this left, the answer comes first. Milliseconds. */
const LEAST_LEFT_MS = 1500

/** So many of a kind are examined in a minute: whoever floods an address with forgeries is not worked for. */
const PER_MINUTE = 30
const MINUTE_MS = 60_000

/** What was examined in which minute; calls and answers apart, so that forged calls use up nothing but their own. */
const spent: Record<Came, { minute: number; times: number }> = {
  notice: { minute: 0, times: 0 },
  answer: { minute: 0, times: 0 },
}

function isDue(came: Came, now: number): boolean {
  const minute = Math.floor(now / MINUTE_MS)
  const times = spent[came].minute === minute ? spent[came].times + 1 : 1
  spent[came] = { minute, times }
  return times <= PER_MINUTE
}

type Explain = () => Finding | undefined | Promise<Finding | undefined>

async function told(
  { clock, timeLeft }: Pick<Context, 'clock' | 'timeLeft'>,
  came: Came,
  body: Buffer,
  explain: Explain,
): Promise<Examined | undefined> {
  if (body.length > MAX_BYTES || timeLeft() < LEAST_LEFT_MS || !isDue(came, clock.now())) return undefined
  const finding = await explain()
  if (!finding) return undefined
  const { en, zh } = remedyOf(finding, came)
  return { finding: finding.cause, remedy: `${en} (${zh})` }
}

/**
 * Why a call was refused, and what to change: tries what usually happens to messages on their way, and names what
 * would have verified. Runs after the refusal, within the time that is left, and never fails. Nothing of it may reach
 * the sender.
 */
export async function examine(
  context: Pick<Context, 'clock' | 'timeLeft' | 'note'>,
  provider: PaymentProvider,
  call: HttpCall,
  reason: Refusal,
): Promise<Examined | undefined> {
  try {
    return await told(context, 'notice', call.rawBody, () => provider.explain(call, reason))
  } catch (error) {
    context.note('payment.unexplained', { why: error instanceof Error ? error.message : 'unknown' })
    return undefined
  }
}

/** The same for an answer that is not believed: to be the `cause` of the error that says so, which the log reads. */
export const examineAnswer = (
  dependencies: Pick<Context, 'clock' | 'timeLeft'>,
  body: Buffer,
  explain: Explain,
): Promise<Examined | undefined> => told(dependencies, 'answer', body, explain).catch(() => undefined)
