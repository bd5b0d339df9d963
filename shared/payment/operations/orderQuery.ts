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
import type { OrderRecord, OrderState } from '../../store/port.js'
import { applyAnswer } from '../applyAnswer.js'
import * as fields from '../fields.js'
import { numbersOf } from '../orders/applyPayment.js'
import { namedOrder, ownOrder } from '../orders/findOrder.js'
import { queryOptions } from '../parameters/schemas.js'
import type { AskedOfOrder, PaymentFacts, PaymentProvider, QueryAnswer } from '../provider.js'
import { checkParameters, chooseProvider, openProvider, providerSettings } from '../registry.js'

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
 * Asks the provider and applies the answer: an order whose notice got lost is paid by it exactly as by the notice. A client learns of its own orders only, and nothing that is between merchant and provider.
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
    return context.source === 'client'
      ? forClient(await answerOf(context, provider, order, answer))
      : answerOf(context, provider, order, answer)
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

function forClient({ provider, outTradeNo, tradeState, ...answer }: OrderQueryAnswer): OrderQueryAnswer {
  const { transactionId, totalFee, cashFee, feeType, timeEnd, orderState } = answer
  return omitUndefined({
    ...{ provider, outTradeNo, tradeState, orderState },
    ...{ transactionId, totalFee, cashFee, feeType, timeEnd },
  })
}
