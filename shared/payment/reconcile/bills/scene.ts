import type { Context } from '../../../operation/index.js'
import type { BillReport, Difference, OrderRecord, Store } from '../../../store/port.js'
import { applyAnswer } from '../../applyAnswer.js'
import { numbersOf } from '../../orders/applyPayment.js'
import type { PaymentProvider } from '../../provider.js'
import { applyRefundAnswer, askRefunds } from '../../refunds/queryRefunds.js'
import { openProvider } from '../../registry.js'
import { errorText } from './reports.js'

/** One comparison under way. */
export interface Scene {
  context: Context
  store: Store
  provider: PaymentProvider
  report: BillReport
  /** False where the bill contradicts itself: nothing is settled on it. */
  settles: boolean
  keep(difference: Difference): Promise<void>
}

/** WeChat Pay's two systems share a merchant's bill: an order may have been made by either. */
export const siblings = (provider: string): readonly string[] => {
  if (provider === 'weixin-v3') return ['weixin-v3', 'weixin-v2']
  return provider === 'weixin-v2' ? ['weixin-v2', 'weixin-v3'] : [provider]
}

/** The order of that number, whichever of a merchant's systems made it. */
export async function orderOf(
  { store, provider }: Scene,
  outTradeNo: string,
): Promise<OrderRecord | undefined> {
  for (const id of siblings(provider.id)) {
    const found = await store.orders.find({ provider: id, merchantId: provider.merchantId, outTradeNo })
    if (found) return found
  }
  return undefined
}

/** Whether another application of the same Alipay account made it: their bill is one. */
export async function isOfSibling({ store, provider }: Scene, outTradeNo: string): Promise<boolean> {
  if (provider.id !== 'alipay') return false
  const found = await store.orders.findByOutTradeNo(outTradeNo)
  return found.some((order) => order.provider === provider.id && order.merchantId !== provider.merchantId)
}

/** The order that was paid by a transaction, else the one of that number. */
export async function orderOfTransaction(
  scene: Scene,
  transactionId: string,
  outTradeNo: string,
): Promise<OrderRecord | undefined> {
  const { store, provider } = scene
  for (const id of siblings(provider.id)) {
    const found = await store.orders.findByTransaction(id, transactionId)
    if (found?.merchantId === provider.merchantId) return found
  }
  return outTradeNo === '' ? undefined : orderOf(scene, outTradeNo)
}

/** What the provider says of an order, applied by the door that every answer takes. Undefined when it cannot be had. */
export async function askPayment(
  scene: Scene,
  order: OrderRecord,
): Promise<{ order: OrderRecord; said: string; timeEnd?: string } | undefined> {
  if (!scene.settles) return undefined
  const { context } = scene
  const provider = await providerOf(scene, order)
  const answer = await provider.orderQuery(numbersOf(order)).catch(noted(context, order.outTradeNo))
  if (!answer) return undefined
  const { tradeState, timeEnd } = answer.facts
  const current = await applyAnswer(context, provider, order, answer, 'bill')
  return { order: current, said: tradeState, ...(timeEnd === undefined ? {} : { timeEnd }) }
}

/** The same for one refund of an order, which becomes an entry of it where it was made elsewhere. */
export async function askRefund(
  scene: Scene,
  order: OrderRecord,
  outRefundNo: string,
): Promise<OrderRecord | undefined> {
  if (!scene.settles) return undefined
  const { context } = scene
  const account = { provider: await providerOf(scene, order), order }
  const answer = await askRefunds(account, { outRefundNo }, context.clock.now()).catch(
    noted(context, order.outTradeNo),
  )
  if (!answer) return undefined
  return applyRefundAnswer(context, account, outRefundNo, answer)
}

/** The order of a refund that moved money, by what the provider says of it. Undefined when it says nothing. */
export async function askMovedRefund(
  scene: Scene,
  { refundId, outRefundNo }: { refundId: string; outRefundNo: string },
): Promise<{ order?: OrderRecord; outTradeNo: string; transactionId: string } | undefined> {
  if (outRefundNo === '') return undefined
  const { context, provider } = scene
  const answer = await askRefunds({ provider }, { refundId, outRefundNo }, context.clock.now()).catch(
    noted(context, outRefundNo),
  )
  const { outTradeNo, transactionId = '' } = answer ?? {}
  if (outTradeNo === undefined) return undefined
  const order = await orderOf(scene, outTradeNo)
  return { outTradeNo, transactionId, ...(order ? { order } : {}) }
}

const providerOf = async ({ context, provider }: Scene, order: OrderRecord): Promise<PaymentProvider> =>
  order.provider === provider.id ? provider : openProvider(context, order.provider, order.merchantId)

/** A question that failed leaves a difference, and the next run asks again. */
const noted = (context: Context, outTradeNo: string) => (error: unknown) => {
  context.note('reconcile.unanswered', { outTradeNo, why: errorText(error) })
  return undefined
}
