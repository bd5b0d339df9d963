import { omitUndefined } from '../../operation/omitUndefined.js'
import type { OrderRecord } from '../../store/port.js'
import type { Account } from '../account.js'
import { numbersOf } from '../orders/learn.js'
import type { PaymentProvider, RefundQuery, RefundQueryAnswer } from '../provider.js'
import { requireCapability } from '../requireCapability.js'

/**
 * Asks about the refund that is named, or about all of an order: where a provider only tells of one at a time, for
 * each that is known here. Undefined when the provider knows none of them.
 */
export async function askRefunds(
  { provider, order }: Account,
  given: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const ask = requireCapability(provider, 'refundQuery')
  if (!order) return ask(given)
  const { refundId, offset, outRefundNo = numberOf(order, refundId) } = given
  const query = omitUndefined({ ...numbersOf(order), outRefundNo, refundId, offset })
  const isOfOrder = outRefundNo === undefined && refundId === undefined
  if (!isOfOrder || provider.listsRefunds || order.refunds.length === 0) return ask(query)
  return together(ask, order)
}

const numberOf = ({ refunds }: OrderRecord, refundId: string | undefined): string | undefined =>
  refundId === undefined ? undefined : refunds.find((entry) => entry.refundId === refundId)?.outRefundNo

async function together(
  ask: NonNullable<PaymentProvider['refundQuery']>,
  order: OrderRecord,
): Promise<RefundQueryAnswer | undefined> {
  const answers: RefundQueryAnswer[] = []
  for (const { outRefundNo } of order.refunds) {
    const answer = await ask({ ...numbersOf(order), outRefundNo })
    if (answer) answers.push(answer)
  }
  const [first] = answers
  return (
    first && {
      ...first,
      refunds: answers.flatMap(({ refunds }) => refunds),
      raw: Buffer.concat(answers.map(({ raw }) => raw)),
    }
  )
}
