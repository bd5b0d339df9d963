import { deliverAtOnce } from '../../events/deliverNews.js'
import { sealEvidence } from '../../events/evidence.js'
import type { Context } from '../../operation/index.js'
import type { OrderRecord } from '../../store/port.js'
import type { PaymentProvider, QueryAnswer } from '../provider.js'
import { applyPayment } from './applyPayment.js'
import type { Provenance } from './claim.js'
import type { OrderTrigger } from './states.js'

/** By what a provider knows an order of ours. */
export const numbersOf = ({ outTradeNo, appId }: OrderRecord) => ({ outTradeNo, appId })

/** That a provider said something, now. `raw` states it. */
export function provenanceOf(
  { settings, random, clock }: Context,
  { id, merchantId }: PaymentProvider,
  by: OrderTrigger,
  raw: Buffer,
): Provenance {
  const evidence = sealEvidence(raw, settings, random)
  return { provider: id, merchantId, by, evidence, at: clock.now() }
}

/** Applies what a provider answered about an order, and tells the merchant. Answers the order as it stands then. */
export async function applyAnswer(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  { facts, raw }: QueryAnswer,
  by: OrderTrigger = 'query',
): Promise<OrderRecord> {
  const store = await context.store()
  const { eventSource } = await applyPayment(store, provenanceOf(context, provider, by, raw), facts)
  if (eventSource) await deliverAtOnce(context, eventSource)
  return (await store.orders.find(order)) ?? order
}
