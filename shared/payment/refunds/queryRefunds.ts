import { deliverAtOnce } from '../../events/delivery.js'
import type { Context } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord } from '../../store/port.js'
import { numbersOf, provenanceOf } from '../orders/applyPayment.js'
import type { Account } from '../orders/findOrder.js'
import { isUnpaid } from '../orders/states.js'
import type { PaymentProvider, RefundFacts, RefundQuery, RefundQueryAnswer } from '../provider.js'
import { requireCapability } from '../registry.js'
import { applyRefund, listRefunds, type OrderRefund } from './applyRefund.js'
import { mayStillAppear, neverArrived, refundOf } from './states.js'

/**
 * Asks about the refund that is named, or about all of an order: where a provider only answers about one at a time, for
 * each that is known here. Undefined when the provider knows none of them. `at`: now, in milliseconds.
 */
export async function askRefunds(
  account: Account,
  given: RefundQuery,
  at: number,
): Promise<RefundQueryAnswer | undefined> {
  const answer = await asked(account, given)
  return answer && { ...answer, refunds: answer.refunds.map((facts) => notYetShown(account, facts, at)) }
}

/** Of a refund that was asked for just now Alipay may know no more than that: it is under way. */
function notYetShown({ order }: Account, facts: RefundFacts, at: number): RefundFacts {
  const known = facts.state === 'UNKNOWN' && order ? refundOf(order, facts.outRefundNo) : undefined
  const isYoung = known !== undefined && mayStillAppear(known, at)
  return isYoung ? { ...facts, state: 'PROCESSING', refundStatus: 'PROCESSING' } : facts
}

async function asked(
  { provider, order }: Account,
  given: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const ask = requireCapability(provider, 'refundQuery')
  if (!order) return ask(given)
  const { refundId, offset, queryOptions, outRefundNo = numberOf(order, refundId) } = given
  const query = omitUndefined({ ...numbersOf(order), outRefundNo, refundId, offset, queryOptions })
  const isOfOrder = outRefundNo === undefined && refundId === undefined
  if (!isOfOrder || provider.listsRefunds || order.refunds.length === 0) return ask(query)
  return askEach((one) => ask(omitUndefined({ ...one, queryOptions })), order)
}

const numberOf = ({ refunds }: OrderRecord, refundId: string | undefined): string | undefined =>
  refundId === undefined ? undefined : refunds.find((entry) => entry.refundId === refundId)?.outRefundNo

async function askEach(
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

/**
 * Applies what a provider answered about refunds, and delivers the events; answers the order they belong to as it
 * stands then, where it was made here. A refund that was written down and that the provider, long after, does not know
 * has never come to be; where it may forget those that failed, nobody knows what became of it.
 */
export async function applyRefundAnswer(
  context: Context,
  { provider, order }: Account,
  outRefundNo: string | undefined,
  answer: RefundQueryAnswer | undefined,
): Promise<OrderRecord | undefined> {
  const store = await context.store()
  const provenance = provenanceOf(context, provider, 'refundQuery', answer?.raw ?? Buffer.alloc(0))
  const outTradeNo = answer?.outTradeNo ?? order?.outTradeNo
  if (outTradeNo === undefined) return undefined
  const missing = order ? missingRefunds(provider, order, outRefundNo, answer, provenance.at) : []
  const refunds = [...(answer?.refunds ?? []), ...missing]
  const stated = answer && (await othersBeside(provider, order, answer))
  for (const facts of refunds) {
    const { eventSource } = await applyRefund(store, provenance, { outTradeNo, ...facts }, stated)
    await deliverAtOnce(context, eventSource)
  }
  return store.orders.find({ provider: provider.id, merchantId: provider.merchantId, outTradeNo })
}

/** Of an order that nobody here knows as paid all refunds count: whether anything is left of its payment. */
const othersBeside = async (
  provider: PaymentProvider,
  order: OrderRecord | undefined,
  { refunds }: RefundQueryAnswer,
): Promise<readonly RefundFacts[]> =>
  order && isUnpaid(order) && provider.listsRefunds ? (await listRefunds(provider, order)).refunds : refunds

/** What follows for those refunds that were asked about and are not in the answer. */
function missingRefunds(
  provider: PaymentProvider,
  order: OrderRecord,
  outRefundNo: string | undefined,
  answer: RefundQueryAnswer | undefined,
  at: number,
): OrderRefund[] {
  const { outTradeNo } = order
  const all = provider.listsRefunds ? [] : order.refunds.map((entry) => entry.outRefundNo)
  const asked = outRefundNo === undefined ? all : [outRefundNo]
  return asked
    .filter((number) => refundOf(order, number) && !answer?.refunds.some((one) => one.outRefundNo === number))
    .flatMap((number): OrderRefund[] => {
      const named = { outTradeNo, outRefundNo: number }
      if (neverArrived(order, number, at)) return [{ ...named, state: 'CLOSED', refundStatus: 'REFUNDCLOSE' }]
      return provider.forgetsFailedRefunds ? [{ ...named, state: 'UNKNOWN' }] : []
    })
}
