import { DAY_MS } from '../../clock.js'
import { hasCode } from '../../errors/index.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord } from '../../store/port.js'
import { applyAnswer } from '../applyAnswer.js'
import { numbersOf } from '../orders/applyPayment.js'
import { closeStored } from '../orders/closing.js'
import { endOf, isLatePayment, isOpenRefund, isUnpaid, withoutQuestions } from '../orders/states.js'
import type { PaymentProvider } from '../provider.js'
import { applyRefundAnswer, askRefunds } from '../refunds/queryRefunds.js'
import { giveBackLate } from './latePayment.js'

/** An order whose end has come, and that neither is paid nor can be closed, is left to people after this long, in ms. */
const GIVEN_UP_AFTER_MS = 7 * DAY_MS

/**
 * Asks the provider about everything in an order that waits, and applies the answers by the same door as notices. An
 * unpaid order whose end has come is closed there, which asks again afterwards; one that is closed is asked about for
 * the last time. Rejects with the provider's error; the time of the next question is written already.
 */
export async function askAboutOrder(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<void> {
  for (const { outRefundNo } of order.refunds.filter(isOpenRefund)) {
    const answer = await askRefunds({ provider, order }, { outRefundNo }, context.clock.now())
    await applyRefundAnswer(context, { provider, order }, outRefundNo, answer)
  }
  if (isUnpaid(order)) return askAboutPayment(context, provider, order)
  if (!isLatePayment(order)) return
  if (await giveBackLate(context, provider, order)) await settle(context, order)
}

async function askAboutPayment(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<void> {
  const answer = await provider.orderQuery(numbersOf(order))
  const current = answer ? await applyAnswer(context, provider, order, answer) : order
  if (!isUnpaid(current)) return
  if (current.state === 'CLOSED') {
    // Closed by this very answer: that is asked about once more, later.
    return order.state === 'CLOSED' ? settle(context, current) : undefined
  }
  const end = endOf(current)
  const sinceEnd = end === undefined ? Number.NEGATIVE_INFINITY : context.clock.now() - end
  if (sinceEnd < 0) return
  try {
    await closeStored(context, provider, current, 'expiry')
  } catch (error) {
    // Paid while it was being closed, which was applied.
    if (hasCode(error, 'ORDER_PAID') && !(await isStillUnpaid(context, order))) return
    if (sinceEnd > GIVEN_UP_AFTER_MS) await settle(context, current)
    throw error
  }
}

async function isStillUnpaid(context: Context, order: OrderRecord): Promise<boolean> {
  const current = await (await context.store()).orders.find(order)
  return current !== undefined && isUnpaid(current)
}

/** Writes that nothing is left to ask, unless the order changed meanwhile: then the next question finds out. */
async function settle(context: Context, { outTradeNo, provider, merchantId }: OrderRecord): Promise<void> {
  const { orders } = await context.store()
  const current = await orders.find({ outTradeNo, provider, merchantId })
  if (!current || current.refunds.some(isOpenRefund)) return
  await orders.replace(withoutQuestions(current))
}
