import { fen, fenToYuan } from '../../shared/money/index.js'
import { fcServiceOf } from '../gateway/identity.js'
import type { OrderInfo, Payment } from '../twin/index.js'
import { openFc2 } from './fcClient.js'
import type { MiniProgram } from './miniProgram.js'
import type { Stage } from './stage.js'
import type { Told } from './story.js'

/** Each of these makes one thing happen, checks it, and throws when it went otherwise. Amounts are fen. */

const PRICE = fen(1999)
const GOODS = 'Oolong tea, 50 g'

type Fields = Record<string, unknown>

export interface Login {
  openid: string
  sessionToken: string
}

export async function refreshToken({ gateway, twin }: Stage): Promise<Told<void>> {
  succeeded(await gateway.fire('tokenRefresh'))
  const fetches = twin.requests.filter(({ path }) => /\/token$|\/stable_token$/.test(path)).length
  expect(fetches === 1, `WeChat was asked for a token ${fetches} times instead of once`)
  const text = 'The timer asked WeChat for one access token, which all functions share.'
  return { text, facts: { fetches }, value: undefined }
}

export async function logIn(phone: MiniProgram, { twin }: Stage): Promise<Told<Login>> {
  const answer = await call(phone, 'authCode2Session', { code: twin.login('alice') })
  const { openid, sessionToken } = answer
  expect(openid === twin.openid('alice'), 'somebody else was logged in')
  expect(typeof sessionToken === 'string', 'no session was opened')
  expect(!('sessionKey' in answer), 'the session key reached the phone')
  const text = `Alice is ${openid}; her session key stayed on the server.`
  return { text, facts: { openid }, value: { openid: String(openid), sessionToken: String(sessionToken) } }
}

/** The merchant's server is outside of the cloud, so it calls through Function Compute's signed API. */
export async function createOrder(
  { gateway }: Stage,
  outTradeNo: string,
  { openid }: Login,
): Promise<Told<void>> {
  const order = { outTradeNo, totalFee: PRICE, body: GOODS, openid }
  const service = fcServiceOf('payment')
  const { data } = await openFc2(gateway.url).invokeFunction(service, 'createOrder', JSON.stringify(order))
  const { state, provider } = succeeded(JSON.parse(String(data)))
  const price = `${fenToYuan(PRICE)} yuan`
  const text = `The merchant's server made ${outTradeNo}: ${GOODS}, ${price}, for Alice.`
  return { text, facts: { outTradeNo, totalFee: PRICE, provider, state }, value: undefined }
}

export async function askOrderInfo(
  phone: MiniProgram,
  outTradeNo: string,
  { sessionToken }: Login,
): Promise<Told<OrderInfo>> {
  const { provider, orderInfo } = await call(phone, 'getOrderInfo', { sessionToken, outTradeNo })
  const { package: prepay, signType } = { ...(orderInfo as Fields) }
  expect(typeof prepay === 'string', 'there is no prepay_id')
  const text = `Her phone named the order and no price; what it got is signed with ${signType}.`
  return { text, facts: { provider, package: prepay, signType }, value: orderInfo as OrderInfo }
}

export async function pay({ twin }: Stage, orderInfo: OrderInfo): Promise<Told<Payment>> {
  const payment = await twin.requestPayment(orderInfo)
  const { totalFee, transactionId } = payment.order
  expect(totalFee === PRICE, `WeChat Pay took ${totalFee} fen instead of ${PRICE}`)
  const text = `WeChat Pay found the signature good and took ${fenToYuan(PRICE)} yuan.`
  return { text, facts: { transactionId, totalFee }, value: payment }
}

export async function verifyCallback({ delivery }: Payment): Promise<Told<void>> {
  const { pathname: path } = new URL(delivery.url)
  const last = delivery.attempts.at(-1)
  expect(delivery.state === 'delivered', `WeChat Pay was answered: ${last?.answer ?? last?.error}`)
  const attempts = delivery.attempts.length
  const text = `WeChat Pay reported it; verifyPaymentNotify checked the signature and said so.`
  return { text, facts: { path, attempts }, value: undefined }
}

export async function checkPaid({ store }: Stage, outTradeNo: string): Promise<Told<void>> {
  const [order] = await store.orders.findByOutTradeNo(outTradeNo)
  const history = order?.history.map(({ to }) => to) ?? []
  expect(order?.state === 'PAID', `the order is ${order?.state ?? 'not there'}`)
  const text = `Its states: ${history.join(' -> ')}.`
  return { text, facts: { outTradeNo, history }, value: undefined }
}

/** Most events leave with the callback that caused them; one that did not is taken along by the timer. */
export async function deliverEvent({ gateway, merchant }: Stage, outTradeNo: string): Promise<Told<void>> {
  if (merchant.events.length === 0) succeeded(await gateway.fire('eventDispatch'))
  const event = merchant.events.find(({ data }) => data.outTradeNo === outTradeNo)
  expect(event?.type === 'payment.paid', `the merchant was told ${event?.type ?? 'nothing'}`)
  expect(merchant.refused() === 0, 'the merchant did not believe a message')
  const text = `The merchant's server was told ${event?.type} and found the signature good.`
  return { text, facts: { event: event?.type, id: event?.id }, value: undefined }
}

export async function queryOrder(
  phone: MiniProgram,
  outTradeNo: string,
  { sessionToken }: Login,
): Promise<Told<void>> {
  const { tradeState, orderState } = await call(phone, 'orderQuery', { sessionToken, outTradeNo })
  expect(tradeState === 'SUCCESS' && orderState === 'PAID', `it is ${tradeState}, and here ${orderState}`)
  const text = `Her phone asked how it stands: ${tradeState} at WeChat Pay, ${orderState} here.`
  return { text, facts: { outTradeNo, tradeState, orderState }, value: undefined }
}

const call = async (phone: MiniProgram, name: string, data: object): Promise<Fields> =>
  succeeded((await phone.callFunction({ name, data })).result)

/** The answer of a function, or its error as an error. */
function succeeded(answer: unknown): Fields {
  const fields = { ...(answer as Fields) }
  if (fields.errCode !== 0) throw new Error(`${fields.errCode}: ${fields.errMsg}`)
  return fields
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}
