import { type Fen, fen, fenToYuan } from '../../shared/money.js'
import type { Delivery, LocalPlatforms, OrderInfo, Payment } from '../emulator/platforms/index.js'
import { call, callAsServer, expect, type Fields, succeeded } from './calls.js'
import type { MerchantEvent } from './merchant.js'
import type { MiniProgram } from './miniProgram.js'
import type { StepResult } from './report.js'
import type { DemoSetup } from './setup.js'

/** Each of these makes one thing happen, checks it, and throws when it went otherwise. Amounts are fen. */

export const PRICE = fen(1999)
const GOODS = 'Oolong tea, 50 g'

export interface Login {
  openid: string
  sessionToken: string
}

export async function refreshToken({ cloud, platforms }: DemoSetup): Promise<StepResult<void>> {
  succeeded(await cloud.fire('tokenRefresh'))
  const fetches = platforms.requests.filter(({ path }) => /\/token$|\/stable_token$/.test(path)).length
  expect(fetches === 1, `WeChat was asked for a token ${fetches} times instead of once`)
  const text = 'The timer asked WeChat for one access token, which all functions share.'
  return { text, facts: { fetches }, value: undefined }
}

export async function logIn(
  phone: MiniProgram,
  { platforms, wallet }: DemoSetup,
): Promise<StepResult<Login>> {
  const answer = await call(phone, 'authCode2Session', { code: wallet.login(platforms, 'alice') })
  const { openid, sessionToken } = answer
  expect(openid === wallet.openid(platforms, 'alice'), 'somebody else was logged in')
  expect(typeof sessionToken === 'string', 'no session was opened')
  expect(!('sessionKey' in answer || 'accessToken' in answer), 'a secret of the login reached the phone')
  const text = `Alice is ${openid} at ${wallet.name}; what is secret about her login stayed on the server.`
  return { text, facts: { openid }, value: { openid: String(openid), sessionToken: String(sessionToken) } }
}

export async function createOrder(
  setup: DemoSetup,
  outTradeNo: string,
  { openid }: Login,
): Promise<StepResult<void>> {
  const order = { outTradeNo, totalFee: PRICE, body: GOODS, openid }
  const { state, provider } = await callAsServer(setup, 'createOrder', order)
  expect(provider === setup.provider, `it is an order of ${provider}`)
  const price = `${fenToYuan(PRICE)} yuan`
  const text = `The merchant's server made ${outTradeNo}: ${GOODS}, ${price}, for Alice.`
  return { text, facts: { outTradeNo, totalFee: PRICE, provider, state }, value: undefined }
}

export async function askOrderInfo(
  phone: MiniProgram,
  { wallet }: DemoSetup,
  outTradeNo: string,
  { sessionToken }: Login,
): Promise<StepResult<OrderInfo>> {
  const { provider, orderInfo } = await call(phone, 'getOrderInfo', { sessionToken, outTradeNo })
  const signed = wallet.signed(orderInfo as OrderInfo)
  if (!signed) throw new Error('the order info is not what the phone needs')
  return { text: signed.text, facts: { provider, ...signed.facts }, value: orderInfo as OrderInfo }
}

export async function pay(
  { platforms, wallet }: DemoSetup,
  orderInfo: OrderInfo,
): Promise<StepResult<Payment>> {
  const payment = await platforms.requestPayment(orderInfo)
  const { totalFee, transactionId } = payment.order
  expect(totalFee === PRICE, `${wallet.pay} took ${totalFee} fen instead of ${PRICE}`)
  const text = `${wallet.pay} found it good and took ${fenToYuan(PRICE)} yuan.`
  return { text, facts: { transactionId, totalFee }, value: payment }
}

export async function verifyCallback(
  { wallet }: DemoSetup,
  { delivery }: Payment,
): Promise<StepResult<void>> {
  const { path, attempts } = understood(wallet.pay, delivery)
  const text = `${wallet.pay} reported it; verifyPaymentNotify checked the signature and said so.`
  return { text, facts: { path, attempts }, value: undefined }
}

/** A notice that was answered as its sender wants it. */
export function understood(sender: string, delivery: Delivery): { path: string; attempts: number } {
  const last = delivery.attempts.at(-1)
  expect(delivery.state === 'delivered', `${sender} was answered: ${last?.answer ?? last?.error}`)
  return { path: new URL(delivery.url).pathname, attempts: delivery.attempts.length }
}

export async function checkPaid({ store }: DemoSetup, outTradeNo: string): Promise<StepResult<void>> {
  const [order] = await store.orders.findByOutTradeNo(outTradeNo)
  const history = order?.history.map(({ to }) => to) ?? []
  expect(order?.state === 'PAID', `the order is ${order?.state ?? 'not there'}`)
  const text = `Its states: ${history.join(' -> ')}.`
  return { text, facts: { outTradeNo, history }, value: undefined }
}

export async function deliverEvent(setup: DemoSetup, outTradeNo: string): Promise<StepResult<void>> {
  const event = await eventAbout(setup, 'payment.paid', (data) => data.outTradeNo === outTradeNo)
  const text = `The merchant's server was told ${event.type} and found the signature good.`
  return { text, facts: { event: event.type, id: event.id }, value: undefined }
}

/** Most events leave with the callback that caused them; one that did not is taken along by the timer. */
export async function eventAbout(
  { cloud, merchant }: DemoSetup,
  type: string,
  isMeant: (data: MerchantEvent['data']) => boolean,
): Promise<MerchantEvent> {
  const find = () => merchant.events.find((event) => event.type === type && isMeant(event.data))
  if (!find()) succeeded(await cloud.fire('eventDispatch'))
  const event = find()
  expect(merchant.refused() === 0, 'the merchant did not believe a message')
  if (event) return event
  throw new Error(`the merchant was told ${merchant.events.map(({ type }) => type).join(', ') || 'nothing'}`)
}

export async function queryOrder(
  phone: MiniProgram,
  { wallet }: DemoSetup,
  outTradeNo: string,
  { sessionToken }: Login,
): Promise<StepResult<void>> {
  const { tradeState, orderState } = await call(phone, 'orderQuery', { sessionToken, outTradeNo })
  expect(tradeState === 'SUCCESS' && orderState === 'PAID', `it is ${tradeState}, and here ${orderState}`)
  const text = `Her phone asked how it stands: ${tradeState} at ${wallet.pay}, ${orderState} here.`
  return { text, facts: { outTradeNo, tradeState, orderState }, value: undefined }
}

/** The steps of a refund, as those of the payment. */

export interface Refund {
  outTradeNo: string
  outRefundNo: string
  fee: Fen
  /** What the order is afterwards. */
  leaves: 'PARTIALLY_REFUNDED' | 'REFUNDED'
}

const ACCEPTED: ReadonlySet<unknown> = new Set(['PROCESSING', 'SUCCESS'])

export async function askForRefund(setup: DemoSetup, refund: Refund): Promise<StepResult<void>> {
  const { outTradeNo, outRefundNo, fee: refundFee } = refund
  const wish = { outTradeNo, outRefundNo, refundFee, refundDesc: 'the tea was cold' }
  const first = await callAsServer(setup, 'refund', wish)
  expect(ACCEPTED.has(first.refundStatus), `it is ${first.refundStatus}`)
  await callAsServer(setup, 'refund', wish)
  expect(refundsAt(setup, outRefundNo) === 1, 'the second call made a second refund')
  const text = `The merchant's server asked for ${fenToYuan(refundFee)} yuan back, twice; it is one refund.`
  return { text, facts: { outRefundNo, refundFee, refundStatus: first.refundStatus }, value: undefined }
}

/** How many refunds of that number the payment system has in its books. */
const refundsAt = ({ platforms }: DemoSetup, outRefundNo: string): number =>
  Object.values(platforms.state())
    .flatMap((platform) => ({ ...(platform as Fields) }).refunds ?? [])
    .filter((refund) => (refund as Fields).outRefundNo === outRefundNo).length

/** Has a refund come to its end and the merchant told, unless both have happened by themselves meanwhile. */
export async function reportOf(
  platforms: LocalPlatforms,
  outRefundNo: string,
): Promise<Delivery | undefined> {
  const report = () => platforms.deliveries.find(({ refundNo }) => refundNo === outRefundNo)
  if (!report()) await platforms.finishRefund(outRefundNo)
  await platforms.tick()
  return report()
}

export async function reportRefund(setup: DemoSetup, refund: Refund): Promise<StepResult<void>> {
  const { platforms, wallet, store } = setup
  const { outTradeNo, outRefundNo, leaves } = refund
  const delivery = await reportOf(platforms, outRefundNo)
  if (!delivery) throw new Error(`${wallet.pay} was given no address to report to`)
  const { path } = understood(wallet.pay, delivery)
  const [order] = await store.orders.findByOutTradeNo(outTradeNo)
  expect(order?.state === leaves, `the order is ${order?.state}`)
  const isMeant = (data: Fields) => data.outRefundNo === outRefundNo
  const { type: event, id } = await eventAbout(setup, 'refund.succeeded', isMeant)
  const text = `${wallet.pay} reported it; the order is ${leaves}, and the merchant's server was told ${event}.`
  return { text, facts: { path, orderState: leaves, event, id }, value: undefined }
}

export async function queryRefund(
  setup: DemoSetup,
  { outTradeNo, outRefundNo }: Refund,
): Promise<StepResult<void>> {
  const answer = await callAsServer(setup, 'refundQuery', { outTradeNo, outRefundNo })
  const [listed = {}] = (answer.refundList ?? [answer]) as Fields[]
  const { refundStatus, refundFee } = listed
  expect(refundStatus === 'SUCCESS', `it is ${refundStatus}`)
  const text = `Asked about it, ${setup.wallet.pay} says ${refundStatus}.`
  return { text, facts: { outRefundNo, refundStatus, refundFee }, value: undefined }
}
