import { fen, fenToYuan } from '../../shared/money.js'
import type { Delivery, OrderInfo, Payment } from '../emulator/platforms/index.js'
import { call, callAsServer, expect, succeeded } from './calls.js'
import type { MerchantEvent } from './merchant.js'
import type { MiniProgram } from './miniProgram.js'
import type { Stage } from './stage.js'
import type { Told } from './story.js'

/** Each of these makes one thing happen, checks it, and throws when it went otherwise. Amounts are fen. */

export const PRICE = fen(1999)
const GOODS = 'Oolong tea, 50 g'

export interface Login {
  openid: string
  sessionToken: string
}

export async function refreshToken({ cloud, platforms }: Stage): Promise<Told<void>> {
  succeeded(await cloud.fire('tokenRefresh'))
  const fetches = platforms.requests.filter(({ path }) => /\/token$|\/stable_token$/.test(path)).length
  expect(fetches === 1, `WeChat was asked for a token ${fetches} times instead of once`)
  const text = 'The timer asked WeChat for one access token, which all functions share.'
  return { text, facts: { fetches }, value: undefined }
}

export async function logIn(phone: MiniProgram, { platforms, wallet }: Stage): Promise<Told<Login>> {
  const answer = await call(phone, 'authCode2Session', { code: wallet.login(platforms, 'alice') })
  const { openid, sessionToken } = answer
  expect(openid === wallet.openid(platforms, 'alice'), 'somebody else was logged in')
  expect(typeof sessionToken === 'string', 'no session was opened')
  expect(!('sessionKey' in answer || 'accessToken' in answer), 'a secret of the login reached the phone')
  const text = `Alice is ${openid} at ${wallet.name}; what is secret about her login stayed on the server.`
  return { text, facts: { openid }, value: { openid: String(openid), sessionToken: String(sessionToken) } }
}

export async function createOrder(stage: Stage, outTradeNo: string, { openid }: Login): Promise<Told<void>> {
  const order = { outTradeNo, totalFee: PRICE, body: GOODS, openid }
  const { state, provider } = await callAsServer(stage, 'createOrder', order)
  expect(provider === stage.provider, `it is an order of ${provider}`)
  const price = `${fenToYuan(PRICE)} yuan`
  const text = `The merchant's server made ${outTradeNo}: ${GOODS}, ${price}, for Alice.`
  return { text, facts: { outTradeNo, totalFee: PRICE, provider, state }, value: undefined }
}

export async function askOrderInfo(
  phone: MiniProgram,
  { wallet }: Stage,
  outTradeNo: string,
  { sessionToken }: Login,
): Promise<Told<OrderInfo>> {
  const { provider, orderInfo } = await call(phone, 'getOrderInfo', { sessionToken, outTradeNo })
  const signed = wallet.signed(orderInfo as OrderInfo)
  if (!signed) throw new Error('the order info is not what the phone needs')
  return { text: signed.text, facts: { provider, ...signed.facts }, value: orderInfo as OrderInfo }
}

export async function pay({ platforms, wallet }: Stage, orderInfo: OrderInfo): Promise<Told<Payment>> {
  const payment = await platforms.requestPayment(orderInfo)
  const { totalFee, transactionId } = payment.order
  expect(totalFee === PRICE, `${wallet.pay} took ${totalFee} fen instead of ${PRICE}`)
  const text = `${wallet.pay} found it good and took ${fenToYuan(PRICE)} yuan.`
  return { text, facts: { transactionId, totalFee }, value: payment }
}

export async function verifyCallback({ wallet }: Stage, { delivery }: Payment): Promise<Told<void>> {
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

export async function checkPaid({ store }: Stage, outTradeNo: string): Promise<Told<void>> {
  const [order] = await store.orders.findByOutTradeNo(outTradeNo)
  const history = order?.history.map(({ to }) => to) ?? []
  expect(order?.state === 'PAID', `the order is ${order?.state ?? 'not there'}`)
  const text = `Its states: ${history.join(' -> ')}.`
  return { text, facts: { outTradeNo, history }, value: undefined }
}

export async function deliverEvent(stage: Stage, outTradeNo: string): Promise<Told<void>> {
  const event = await eventAbout(stage, 'payment.paid', (data) => data.outTradeNo === outTradeNo)
  const text = `The merchant's server was told ${event.type} and found the signature good.`
  return { text, facts: { event: event.type, id: event.id }, value: undefined }
}

/** Most events leave with the callback that caused them; one that did not is taken along by the timer. */
export async function eventAbout(
  { cloud, merchant }: Stage,
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
  { wallet }: Stage,
  outTradeNo: string,
  { sessionToken }: Login,
): Promise<Told<void>> {
  const { tradeState, orderState } = await call(phone, 'orderQuery', { sessionToken, outTradeNo })
  expect(tradeState === 'SUCCESS' && orderState === 'PAID', `it is ${tradeState}, and here ${orderState}`)
  const text = `Her phone asked how it stands: ${tradeState} at ${wallet.pay}, ${orderState} here.`
  return { text, facts: { outTradeNo, tradeState, orderState }, value: undefined }
}
