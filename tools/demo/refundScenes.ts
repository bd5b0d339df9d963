import { type Fen, fenToYuan } from '../../shared/money.js'
import type { Delivery, LocalPlatforms } from '../emulator/platforms/index.js'
import { callAsServer, expect, type Fields } from './calls.js'
import { eventAbout, understood } from './scenes.js'
import type { Stage } from './stage.js'
import type { Told } from './story.js'

/** As the scenes of the payment: one thing happens, is checked, and is told. */

export interface Refund {
  outTradeNo: string
  outRefundNo: string
  fee: Fen
  /** What the order is afterwards. */
  leaves: 'PARTIALLY_REFUNDED' | 'REFUNDED'
}

const ACCEPTED: ReadonlySet<unknown> = new Set(['PROCESSING', 'SUCCESS'])

export async function askForRefund(stage: Stage, refund: Refund): Promise<Told<void>> {
  const { outTradeNo, outRefundNo, fee: refundFee } = refund
  const wish = { outTradeNo, outRefundNo, refundFee, refundDesc: 'the tea was cold' }
  const first = await callAsServer(stage, 'refund', wish)
  expect(ACCEPTED.has(first.refundStatus), `it is ${first.refundStatus}`)
  await callAsServer(stage, 'refund', wish)
  expect(refundsAt(stage, outRefundNo) === 1, 'the second call made a second refund')
  const text = `The merchant's server asked for ${fenToYuan(refundFee)} yuan back, twice; it is one refund.`
  return { text, facts: { outRefundNo, refundFee, refundStatus: first.refundStatus }, value: undefined }
}

/** How many refunds of that number the payment system has in its books. */
const refundsAt = ({ platforms }: Stage, outRefundNo: string): number =>
  Object.values(platforms.state())
    .flatMap((platform) => ({ ...(platform as Fields) }).refunds ?? [])
    .filter((refund) => (refund as Fields).outRefundNo === outRefundNo).length

/** Has a refund come to its end and the merchant told, unless both have happened by themselves meanwhile. */
export async function reportOf(
  platforms: LocalPlatforms,
  outRefundNo: string,
): Promise<Delivery | undefined> {
  const report = () => platforms.deliveries.find(({ refundNo }) => refundNo === outRefundNo)
  if (!report()) await platforms.settleRefund(outRefundNo)
  await platforms.tick()
  return report()
}

export async function reportRefund(stage: Stage, refund: Refund): Promise<Told<void>> {
  const { platforms, wallet, store } = stage
  const { outTradeNo, outRefundNo, leaves } = refund
  const delivery = await reportOf(platforms, outRefundNo)
  if (!delivery) throw new Error(`${wallet.pay} was given no address to report to`)
  const { path } = understood(wallet.pay, delivery)
  const [order] = await store.orders.findByOutTradeNo(outTradeNo)
  expect(order?.state === leaves, `the order is ${order?.state}`)
  const isMeant = (data: Fields) => data.outRefundNo === outRefundNo
  const { type: event, id } = await eventAbout(stage, 'refund.succeeded', isMeant)
  const text = `${wallet.pay} reported it; the order is ${leaves}, and the merchant's server was told ${event}.`
  return { text, facts: { path, orderState: leaves, event, id }, value: undefined }
}

export async function queryRefund(stage: Stage, { outTradeNo, outRefundNo }: Refund): Promise<Told<void>> {
  const answer = await callAsServer(stage, 'refundQuery', { outTradeNo, outRefundNo })
  const [listed = {}] = (answer.refundList ?? [answer]) as Fields[]
  const { refundStatus, refundFee } = listed
  expect(refundStatus === 'SUCCESS', `it is ${refundStatus}`)
  const text = `Asked about it, ${stage.wallet.pay} says ${refundStatus}.`
  return { text, facts: { outRefundNo, refundStatus, refundFee }, value: undefined }
}
