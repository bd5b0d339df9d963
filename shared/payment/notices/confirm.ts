import { BACKOFF } from '../../events/delivery.js'
import { markApplied } from '../../events/evidence.js'
import type { Context } from '../../operation/index.js'
import type { NoticeRecord, OrderRecord } from '../../store/port.js'
import { provenanceOf } from '../orders/applyPayment.js'
import type { ApplyOutcome } from '../orders/claim.js'
import { isUnpaid } from '../orders/states.js'
import type { PaymentProvider, RefundQueryAnswer } from '../provider.js'
import { applyRefund, isEnd, listRefunds } from '../refunds/applyRefund.js'
import { entryOf } from '../registry.js'

/** A reservation outlives the attempt it protects, in milliseconds. */
const LEAST_WAIT_MS = 15_000

/**
 * Reserves one attempt at confirming a notice, and stores when the next is due: after the last there is none. Undefined
 * when somebody else was faster.
 */
export async function reserveAttempt(
  context: Context,
  notice: NoticeRecord,
): Promise<NoticeRecord | undefined> {
  const { confirmAt: _due, plannedAt: _planned, confirms = 0, ...kept } = notice
  const wait = BACKOFF[confirms]
  const now = context.clock.now()
  const next = wait === undefined ? {} : { confirmAt: now + Math.max(wait, LEAST_WAIT_MS), plannedAt: now }
  const reserved = { ...kept, ...next, confirms: confirms + 1 }
  const { notices } = await context.store()
  return (await notices.replace(reserved)) ? reserved : undefined
}

/**
 * Asks the provider whether a refund notice is true, and applies what it answers. Undefined while it does not
 * know the end of it. Rejects as the provider's query does.
 */
async function confirmNotice(
  context: Context,
  provider: PaymentProvider,
  notice: NoticeRecord,
): Promise<ApplyOutcome | undefined> {
  const store = await context.store()
  const { id, outTradeNo, outRefundNo = '' } = notice
  const order = await store.orders.find(notice)
  const answer = await ask(provider, notice, order)
  const facts = answer?.refunds.find((refund) => refund.outRefundNo === outRefundNo)
  if (answer && facts && isEnd(facts.state)) {
    const provenance = provenanceOf(context, provider, 'refundNotice', answer.raw)
    const outcome = await applyRefund(store, provenance, { outTradeNo, ...facts }, answer.refunds)
    await markApplied(store, id, outcome.verdict, context.clock.now())
    return outcome
  }
  if (notice.confirmAt !== undefined) return undefined
  await markApplied(store, id, 'nothing', context.clock.now())
  return { verdict: 'nothing' }
}

/** Of an order that nobody here knows as paid all refunds count: whether anything is left of its payment. */
async function ask(
  provider: PaymentProvider,
  { outTradeNo, outRefundNo = '' }: NoticeRecord,
  order: OrderRecord | undefined,
): Promise<Pick<RefundQueryAnswer, 'refunds' | 'raw'> | undefined> {
  if (order && provider.listsRefunds && isUnpaid(order)) return listRefunds(provider, order)
  return provider.refundQuery?.({ outTradeNo, outRefundNo, ...(order ? { appId: order.appId } : {}) })
}

/** Notices looked at in one go. */
const BATCH = 20

/** No attempt starts with less than this left, in milliseconds. */
const LAST_START_MS = 12_000

/** Confirms the notices that are due, those for which there was no time at once. Answers how many were confirmed. */
export async function confirmDue(context: Context): Promise<number> {
  const { notices } = await context.store()
  let confirmed = 0
  let due: NoticeRecord[]
  do {
    due = await notices.unconfirmed(context.clock.now(), BATCH)
    for (const notice of due) {
      if (context.timeLeft() <= LAST_START_MS) return confirmed
      const reserved = await reserveAttempt(context, notice)
      if (reserved && (await attemptConfirmation(context, reserved))) confirmed += 1
    }
  } while (due.length > 0)
  return confirmed
}

/** Makes a reserved attempt. A failure is logged; the reservation says when the next one is due. */
export async function attemptConfirmation(
  context: Context,
  reserved: NoticeRecord,
): Promise<ApplyOutcome | undefined> {
  const { provider: id, merchantId } = reserved
  try {
    const provider = await entryOf(id)?.entry.open(context.settings, context, merchantId)
    if (provider) return await confirmNotice(context, provider, reserved)
    context.note('refund.unconfirmed', { provider: id, why: 'not one of the merchants in the settings' })
  } catch (error) {
    context.note('refund.unconfirmed', {
      provider: id,
      why: error instanceof Error ? error.message : 'unknown',
    })
  }
  return undefined
}
