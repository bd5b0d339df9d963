import type * as v from 'valibot'
import {
  invalidParam,
  meaningsOf,
  ORDER_NOT_FOUND,
  openapiError,
  UNKNOWN_MERCHANT,
} from '../../errors/index.js'
import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import { object, optional } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import { ruled } from '../../operation/rules.js'
import { retryOnConflict } from '../../store/documents.js'
import type { OrderRecord, OrderState } from '../../store/port.js'
import { applyAnswer } from '../applyAnswer.js'
import * as fields from '../fields.js'
import { numbersOf } from '../orders/applyPayment.js'
import { namedOrder, ownOrder } from '../orders/findOrder.js'
import { isOpenRefund, isUnpaid, planned } from '../orders/states.js'
import { checkParameters } from '../parameters/rules.js'
import { queryOptions } from '../parameters/schemas.js'
import type { AskedOfOrder, PaymentFacts, PaymentProvider, QueryAnswer } from '../provider.js'
import { chooseProvider, openProvider, providerSettings } from '../registry.js'

const input = ruled(
  object({
    outTradeNo: optional(fields.outTradeNo),
    transactionId: optional(fields.transactionId),
    payToken: optional(fields.payToken),
    queryOptions: optional(queryOptions),
    provider: optional(fields.provider),
    mchId: optional(fields.mchId),
  }),
  fields.orderNamed,
)

type Input = v.InferOutput<typeof input>

export interface OrderQueryAnswer extends Partial<PaymentFacts>, AskedOfOrder {
  provider: string
  outTradeNo: string
  tradeState: PaymentFacts['tradeState']
  /** Where the order stands here; absent for orders that were not made here. */
  orderState?: OrderState
}

/**
 * Asks the provider and applies the answer: an order whose notice got lost is paid by it exactly as by the notice. A
 * client learns of its own orders only, and nothing that is between merchant and provider; the provider is asked for it
 * when the order waits, and not again for a few seconds, however often clients ask.
 */
export const orderQuery = {
  name: 'payment.orderQuery',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'Ask the provider how an order stands', zh: '查询订单' },
  input,
  reach: 'client',
  serversOwn: ['queryOptions'],
  session: 'optional',
  repeat: 'safe',
  settings: [...providerSettings, ...eventSettings, ...evidenceSettings],
  errors: meaningsOf(ORDER_NOT_FOUND, UNKNOWN_MERCHANT),
  async run(given, context): Promise<OrderQueryAnswer> {
    if (context.source === 'client' && given.queryOptions) {
      throw invalidParam('queryOptions', 'not taken from a client')
    }
    const order = await orderOf(given, context)
    if (order && context.source === 'client') return ofClient(context, order)
    const provider = await openProvider(
      context,
      order?.provider ?? (await chooseProvider(context.settings, { name: given.provider })),
      order?.merchantId ?? given.mchId,
    )
    const asked = omitUndefined({ queryOptions: given.queryOptions })
    checkParameters(provider.id, asked)
    const answer = await provider.orderQuery({ ...(order ? numbersOf(order) : given), ...asked })
    if (!order) {
      if (!answer) throw openapiError(ORDER_NOT_FOUND)
      return { provider: provider.id, ...answer.asked, ...answer.facts }
    }
    return answerOf(context, provider, order, answer)
  },
} satisfies Operation<typeof input, OrderQueryAnswer>

async function orderOf(given: Input, context: Context): Promise<OrderRecord | undefined> {
  const store = await context.store()
  return context.source === 'client'
    ? ownOrder(store, context, given, given.payToken)
    : namedOrder(store, given)
}

/** Applies the provider's answer, and adds where the order stands now. */
async function answerOf(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  answer: QueryAnswer | undefined,
): Promise<OrderQueryAnswer> {
  const { outTradeNo, totalFee, state } = order
  // The provider has not heard of it, or nobody has opened the cashier yet: unpaid, as far as anyone can know.
  if (!answer) return { provider: provider.id, outTradeNo, totalFee, tradeState: 'NOTPAY', orderState: state }
  const current = await applyAnswer(context, provider, order, answer)
  return { provider: provider.id, ...answer.asked, ...answer.facts, orderState: current.state }
}

async function ofClient(context: Context, order: OrderRecord): Promise<OrderQueryAnswer> {
  const { order: current, isAsked } = await reserveQuestion(context, order)
  if (!isAsked) return fromStore(current)
  const provider = await openProvider(context, current.provider, current.merchantId)
  const answer = await provider.orderQuery(numbersOf(current))
  return forClient(await answerOf(context, provider, current, answer))
}

/**
 * How long the provider's last answer serves clients, in milliseconds. A page that waits for its payment asks every second
 * or two, and so does every open copy of it; a notice that is late by this much is noticed by nobody.
 */
const FRESH_MS = 5000

interface Reserved {
  order: OrderRecord
  isAsked: boolean
}

/**
 * Whether the provider is to be asked now for a client. The time is written before the question, by a conditional write,
 * so that of several at once one asks, and one that never gets an answer counts as well.
 */
function reserveQuestion({ store, clock }: Context, found: OrderRecord): Promise<Reserved> {
  let order: OrderRecord | undefined = found
  return retryOnConflict<Reserved>(async () => {
    const { orders } = await store()
    order ??= (await orders.find(found)) ?? found
    const now = clock.now()
    if (!isOpen(order) || isFresh(order, now)) return { result: { order, isAsked: false } }
    const asking = planned(order, { ...order, queriedAt: now }, now)
    order = undefined
    if (!(await orders.replace(asking))) return 'lost'
    return { result: { order: { ...asking, rev: asking.rev + 1 }, isAsked: true } }
  })
}

/** Whether the provider may know more of it than is known here. */
const isOpen = (order: OrderRecord): boolean => isUnpaid(order) || order.refunds.some(isOpenRefund)

/** A time in the future was written by a clock that was wrong. */
const isFresh = ({ queriedAt }: OrderRecord, now: number): boolean =>
  queriedAt !== undefined && queriedAt <= now && now - queriedAt < FRESH_MS

/** In the words of the providers: Alipay says CLOSED of what was given back whole, and nothing of what was in part. */
const tradeStates = {
  CREATED: 'NOTPAY',
  PAYING: 'NOTPAY',
  PAID: 'SUCCESS',
  PARTIALLY_REFUNDED: 'REFUND',
  REFUNDED: 'REFUND',
  CLOSED: 'CLOSED',
} as const satisfies Record<OrderState, PaymentFacts['tradeState']>

const alipayStates = { ...tradeStates, PARTIALLY_REFUNDED: 'SUCCESS', REFUNDED: 'CLOSED' } as const

/** What a client is answered without the provider. */
function fromStore(order: OrderRecord): OrderQueryAnswer {
  const { provider, outTradeNo, state, transactionId, totalFee, cashFee, currency, timeEnd } = order
  const isKnown = transactionId !== undefined
  return omitUndefined({
    ...{ provider, outTradeNo, orderState: state },
    tradeState: (provider === 'alipay' ? alipayStates : tradeStates)[state],
    ...{ transactionId, totalFee, cashFee, timeEnd, feeType: isKnown ? currency : undefined },
  })
}

function forClient({ provider, outTradeNo, tradeState, ...answer }: OrderQueryAnswer): OrderQueryAnswer {
  const { transactionId, totalFee, cashFee, feeType, timeEnd, orderState } = answer
  return omitUndefined({
    ...{ provider, outTradeNo, tradeState, orderState },
    ...{ transactionId, totalFee, cashFee, feeType, timeEnd },
  })
}
