import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openFc2 } from '../../tools/demo/fcClient.js'
import { type Stage, setStage } from '../../tools/demo/stage.js'
import type { OrderInfo } from '../../tools/twin/index.js'
import { type MiniProgram, openMiniProgram } from '../support/unicloud-client.js'

/** The built functions behind the local cloud, called by the published clients of both clouds. */

const dist = join(import.meta.dirname, '..', '..', 'dist')

type Fields = Record<string, unknown>

async function staged(t: Test): Promise<Stage> {
  const stage = await setStage(dist)
  t.teardown(stage.close)
  return stage
}

/** The merchant's server, through Function Compute. */
async function asServer({ gateway }: Stage, name: string, data: Fields, group = 'payment'): Promise<Fields> {
  const client = openFc2(gateway.url)
  const service = `unicloud-openapi-${group}`
  const { data: answer } = await client.invokeFunction(service, name, JSON.stringify(data))
  return JSON.parse(String(answer)) as Fields
}

interface Phone {
  openid: string
  call(name: string, data?: Fields): Promise<Fields>
  /** As `call`, with the login's session. */
  signedIn(name: string, data: Fields): Promise<Fields>
  sessionToken: string
}

async function phoneOf({ gateway, twin }: Stage, person: string): Promise<Phone> {
  const phone: MiniProgram = openMiniProgram({ endpoint: gateway.url })
  const call = async (name: string, data: Fields = {}) => (await phone.callFunction({ name, data })).result
  const { openid, sessionToken } = await call('authCode2Session', { code: twin.login(person) })
  return {
    openid: String(openid),
    sessionToken: String(sessionToken),
    call,
    signedIn: (name, data) => call(name, { ...data, sessionToken }),
  }
}

const orderFor = (openid: string, outTradeNo: string) => ({ outTradeNo, totalFee: 100, body: 'tea', openid })

/** An order of the merchant's server, and what the payer's phone needs for it. */
async function ordered(stage: Stage, phone: Phone, outTradeNo: string): Promise<OrderInfo> {
  await asServer(stage, 'createOrder', orderFor(phone.openid, outTradeNo))
  const answer = await phone.signedIn('getOrderInfo', { outTradeNo })
  if (answer.errCode !== 0) throw new Error(`getOrderInfo: ${answer.errMsg}`)
  return answer.orderInfo as OrderInfo
}

t.test('a callback is understood behind every URL door of both clouds', async (t) => {
  const stage = await staged(t)
  const { twin, gateway, merchant, store } = stage
  const alice = await phoneOf(stage, 'alice')
  for (const door of ['http', 'fc2', 'fc3']) {
    const outTradeNo = `door-${door}`
    t.match(await asServer(stage, 'createOrder', orderFor(alice.openid, outTradeNo)), { state: 'CREATED' })
    const notifyUrl = `${gateway.url}/${door}/verifyPaymentNotify/weixin-v2/${twin.merchant.mchId}`
    const { orderInfo } = await asServer(stage, 'getOrderInfo', { outTradeNo, notifyUrl })
    const { delivery } = await twin.requestPayment(orderInfo as OrderInfo)
    t.match(delivery, { state: 'delivered', attempts: [{ status: 200, answer: /SUCCESS/ }] }, door)
    t.match(await store.orders.findByOutTradeNo(outTradeNo), [{ state: 'PAID', totalFee: 100 }])
  }
  t.strictSame(
    merchant.events.map(({ type, data }) => [type, data.outTradeNo]),
    ['http', 'fc2', 'fc3'].map((door) => ['payment.paid', `door-${door}`]),
  )
  t.equal(merchant.refused(), 0)
})

t.test('the same notice fifty times at once pays once and tells once', async (t) => {
  const stage = await staged(t)
  const { twin, merchant, store } = stage
  const alice = await phoneOf(stage, 'alice')
  const orderInfo = await ordered(stage, alice, 'order-often')
  await twin.requestPayment(orderInfo)
  const [delivery] = await twin.redeliver('order-often', 50)
  t.equal(delivery?.attempts.length, 51)
  t.ok(delivery?.attempts.every(({ understood }) => understood))
  const [order] = await store.orders.findByOutTradeNo('order-often')
  t.strictSame(
    order?.history.map(({ to }) => to),
    ['CREATED', 'PAYING', 'PAID'],
  )
  await stage.gateway.fire('eventDispatch')
  t.equal(merchant.events.length, 1)
})

t.test('a forged callback changes nothing; the real one, later, does', async (t) => {
  const stage = await staged(t)
  const { twin, store } = stage
  const alice = await phoneOf(stage, 'alice')
  const orderInfo = await ordered(stage, alice, 'order-forged')
  twin.faults.next('weixin-pay-v2.notice', 'forged')
  const { delivery } = await twin.requestPayment(orderInfo)
  t.match(delivery, { state: 'waiting', attempts: [{ understood: false }] })
  t.match(await store.orders.findByOutTradeNo('order-forged'), [{ state: 'PAYING' }])
  await twin.redeliver('order-forged')
  t.match(await store.orders.findByOutTradeNo('order-forged'), [{ state: 'PAID' }])
})

t.test('a client decides nothing about money, and reaches nothing of others', async (t) => {
  const stage = await staged(t)
  const [alice, bob] = [await phoneOf(stage, 'alice'), await phoneOf(stage, 'bob')]
  await asServer(stage, 'createOrder', orderFor(alice.openid, 'order-hers'))

  for (const name of ['createOrder', 'authGetAccessToken', 'tokenRefresh', 'eventDispatch']) {
    t.match(await bob.signedIn(name, orderFor(bob.openid, 'order-made')), { errCode: 'FORBIDDEN' }, name)
  }
  t.match(await bob.signedIn('verifyPaymentNotify', {}), { errCode: 'FORBIDDEN' })
  t.strictSame(await stage.store.orders.findByOutTradeNo('order-made'), [])

  for (const own of [
    { totalFee: 1 },
    { body: 'free' },
    { openid: alice.openid },
    { notifyUrl: 'http://127.0.0.1:1/mine' },
    { attach: 'x' },
    { mchId: '1' },
  ]) {
    const field = Object.keys(own)[0] ?? ''
    const answer = await alice.signedIn('getOrderInfo', { outTradeNo: 'order-hers', ...own })
    t.match(answer, { errCode: 'INVALID_PARAM', errMsg: new RegExp(`^${field}: `) }, field)
  }

  const without = ({ requestId: _requestId, ...answer }: Fields) => answer
  for (const name of ['getOrderInfo', 'orderQuery']) {
    const foreign = without(await bob.signedIn(name, { outTradeNo: 'order-hers' }))
    t.match(foreign, { errCode: 'ORDER_NOT_FOUND' })
    t.strictSame(
      foreign,
      without(await bob.signedIn(name, { outTradeNo: 'order-nobodys' })),
      `${name} tells no difference`,
    )
    t.match(await bob.call(name, { outTradeNo: 'order-hers', openid: alice.openid }), { errMsg: /./ })
    t.not((await bob.call(name, { outTradeNo: 'order-hers', sessionToken: 'guessed' })).errCode, 0)
  }
  t.match(await alice.signedIn('getOrderInfo', { outTradeNo: 'order-hers' }), { errCode: 0 })
})

t.test('no secret is in what functions answer or log', async (t) => {
  const stage = await staged(t)
  const { twin, lines } = stage
  const { accessToken } = await asServer(stage, 'authGetAccessToken', {}, 'weixin')
  const alice = await phoneOf(stage, 'alice')
  const orderInfo = await ordered(stage, alice, 'order-quiet')
  twin.faults.next('weixin-pay-v2.notice', 'forged')
  await twin.requestPayment(orderInfo)
  await twin.redeliver('order-quiet')
  const answer = JSON.stringify(await alice.signedIn('orderQuery', { outTradeNo: 'order-quiet' }))
  const said = lines.join('\n')
  t.ok(lines.length > 0)
  t.type(accessToken, 'string')
  for (const secret of [
    twin.app.secret,
    twin.merchant.key,
    String(accessToken),
    'session_key',
    'sessionKey',
    '<xml>',
  ]) {
    t.notOk(said.includes(secret), secret)
    t.notOk(answer.includes(secret), secret)
  }
  t.notOk(said.includes(alice.sessionToken))
})
