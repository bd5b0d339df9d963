import { deliverNews } from '../../events/deliverNews.js'
import { sealEvidence } from '../../events/evidence.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord } from '../../store/port.js'
import type { PaymentProvider, QueryAnswer } from '../provider.js'
import { settlePayment } from './applyPayment.js'
import type { Saying } from './claim.js'
import type { Mover } from './states.js'

/** By what a provider knows an order of ours. */
export const numbersOf = ({ outTradeNo, appId }: OrderRecord) => ({ outTradeNo, appId })

/** That a provider said something, now. `raw` states it. */
export function saying(
  { settings, random, clock }: Context,
  { id, merchantId }: PaymentProvider,
  by: Mover,
  raw: Buffer,
): Saying {
  const evidence = sealEvidence(raw, settings, random)
  return { provider: id, merchantId, by, evidence, at: clock.now() }
}

/** Applies what a provider answered about an order, and tells the merchant. Answers the order as it stands then. */
export async function learn(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  { facts, raw }: QueryAnswer,
  by: Mover = 'query',
): Promise<OrderRecord> {
  const store = await context.store()
  const { news } = await settlePayment(store, saying(context, provider, by, raw), facts)
  if (news) await deliverNews(context, news)
  return (await store.orders.find(order)) ?? order
}
