import type { Context } from '../../operation/index.js'
import type { NoticeRecord } from '../../store/port.js'
import type { ApplyOutcome, NoticeVerdict, Provenance } from '../orders/claim.js'
import type { RefundFacts } from '../provider.js'
import { applyRefund, type OrderRefund, refundName } from '../refunds/applyRefund.js'
import { canBecome, refundOf } from '../refunds/states.js'
import { attemptConfirmation, reserveAttempt } from './confirm.js'

/**
 * Applies a refund notice. One that proves nothing (WeChat Pay V2), or does not say how much a refund of which
 * nobody here knows was (Alipay), is kept and confirmed: at once if there is time, else by the timer.
 */
export async function receiveRefund(
  context: Context,
  provenance: Provenance,
  refund: RefundFacts,
  needsQuery: boolean,
): Promise<ApplyOutcome<NoticeVerdict>> {
  const { outTradeNo } = refund
  if (outTradeNo === undefined) return { verdict: 'nothing' }
  const about = { ...refund, outTradeNo }
  if (!needsQuery && !(await lacksAmount(context, provenance, about))) {
    return applyRefund(await context.store(), { ...provenance, by: 'refundNotice' }, about)
  }
  const { notices } = await context.store()
  const notice = await notices.receive(unconfirmed(provenance, about))
  if (notice.status === 'applied' && !(await isWorthAsking(context, notice, about))) {
    return { verdict: notice.verdict === 'contradiction' ? 'contradiction' : 'nothing' }
  }
  return confirmNow(context, notice)
}

/** How long a claim that was asked about is not asked about again, in milliseconds: whoever repeats it costs no more. */
const ASKED_MS = 60_000

/**
 * Whether a claim that was asked about may be news all the same: its order was not there then, or does not show it, as
 * an order does that was restored from a backup.
 */
async function isWorthAsking(
  { store, clock }: Context,
  notice: NoticeRecord,
  { outRefundNo, state }: OrderRefund,
): Promise<boolean> {
  const order = await (await store()).orders.find(notice)
  if (!order || notice.verdict === 'unmatched') return order !== undefined
  const entry = refundOf(order, outRefundNo)
  const isShown = entry !== undefined && !canBecome(entry, state)
  // A clock that was ahead then, and is right now, puts the last question into the future.
  return !isShown && Math.abs(clock.now() - (notice.appliedAt ?? 0)) >= ASKED_MS
}

/** Alipay states what was refunded so far: for a refund that was requested elsewhere, that is not enough. */
async function lacksAmount(context: Context, provenance: Provenance, about: OrderRefund): Promise<boolean> {
  if (about.refundFee !== undefined) return false
  const { orders } = await context.store()
  const order = await orders.find({ ...provenance, outTradeNo: about.outTradeNo })
  return order !== undefined && refundOf(order, about.outRefundNo) === undefined
}

function unconfirmed({ provider, merchantId, evidence, at }: Provenance, refund: OrderRefund): NoticeRecord {
  const { outTradeNo, outRefundNo, state } = refund
  return {
    // What it claims sets it apart: the next state of the same refund is another notice.
    id: `${provider}:${merchantId}:claim:${refundName({ provider }, refund)}:${state}`,
    ...{ provider, merchantId, outTradeNo, outRefundNo, evidence },
    ...{ kind: 'refund', status: 'received', receivedAt: at, confirmAt: at, plannedAt: at, confirms: 0 },
    events: [],
    rev: 0,
  }
}

/** Below this much time asking is left to the timer, in milliseconds. */
const WORTHWHILE_MS = 1500

async function confirmNow(context: Context, notice: NoticeRecord): Promise<ApplyOutcome<NoticeVerdict>> {
  const unplanned = notice.status === 'applied' ? notice.receivedAt : Number.POSITIVE_INFINITY
  const isDue = (notice.confirmAt ?? unplanned) <= context.clock.now()
  const reserved =
    isDue && context.timeLeft() > WORTHWHILE_MS ? await reserveAttempt(context, notice) : undefined
  return (reserved && (await attemptConfirmation(context, reserved))) ?? { verdict: 'received' }
}
