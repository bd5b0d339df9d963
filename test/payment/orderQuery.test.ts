import t, { type Test } from 'tap'
import { type LocalPlatforms, startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { type Fields, type House, openHouse } from './house.js'

async function open(
  t: Test,
): Promise<{ house: House; platforms: LocalPlatforms; alice: string; sessionToken: string }> {
  const house = await openHouse(t)
  const platforms = await startLocalPlatforms({ clock: house.clock })
  t.teardown(() => platforms.close())
  Object.assign(house.env, platforms.settings(), {
    WEIXIN_APP_ID: platforms.app.appId,
    NOTIFY_BASE_URL: await house.listen(),
  })
  const alice = platforms.openid('alice')
  await house.server('createOrder', {
    outTradeNo: 'T20500101',
    totalFee: 1999,
    body: 'tea',
    openid: alice,
    attach: 'mine',
  })
  return { house, platforms, alice, sessionToken: await house.login(alice) }
}

const asked = { outTradeNo: 'T20500101' }

/** As long as a client's question is answered out of the store after the provider was asked. */
const FRESH_MS = 5000

const questions = ({ platforms }: Awaited<ReturnType<typeof open>>): number =>
  platforms.requests.filter(({ path }) => path === '/pay/orderquery').length

/** Pays while the notice gets lost. */
async function payUnnoticed({
  house,
  platforms,
  sessionToken,
}: Awaited<ReturnType<typeof open>>): Promise<void> {
  const { orderInfo } = await house.client('getOrderInfo', { ...asked, sessionToken })
  platforms.faults.next('weixin-pay-v2.notice', 'dropped')
  await platforms.requestPayment(orderInfo as Fields)
}

t.test('a lost notice is made good by asking: the same move, the same event', async (t) => {
  const shop = await open(t)
  const { house, alice, sessionToken } = shop
  house.env.EVENT_TARGET = 'function:onPayment'
  await payUnnoticed(shop)
  t.equal((await house.order('T20500101')).state, 'PAYING')
  const answer = await house.client('orderQuery', { ...asked, sessionToken })
  t.match(answer, {
    errCode: 0,
    tradeState: 'SUCCESS',
    orderState: 'PAID',
    totalFee: 1999,
    transactionId: /^\d+$/,
  })
  const order = await house.order('T20500101')
  t.match(order, { state: 'PAID', payerOpenid: alice, history: [{}, {}, { to: 'PAID', by: 'query' }] })
  t.match(house.called, [{ data: { type: 'payment.paid' } }])
})

t.test('the notice that comes after the query is a duplicate', async (t) => {
  const shop = await open(t)
  const { house, platforms, sessionToken } = shop
  house.env.EVENT_TARGET = 'function:onPayment'
  await payUnnoticed(shop)
  await Promise.all([
    ...Array.from({ length: 5 }, () => house.client('orderQuery', { ...asked, sessionToken })),
    platforms.redeliver('T20500101', 5),
  ])
  t.equal((await house.order('T20500101')).history.filter(({ to }) => to === 'PAID').length, 1)
  t.equal(house.called.length, 1)
})

t.test('a client learns what concerns it, a server everything', async (t) => {
  const shop = await open(t)
  const { house, platforms, alice, sessionToken } = shop
  await payUnnoticed(shop)
  const told = await house.client('orderQuery', { ...asked, sessionToken })
  t.strictSame(Object.keys(told).sort(), [
    ...[
      'cashFee',
      'errCode',
      'errMsg',
      'feeType',
      'orderState',
      'outTradeNo',
      'provider',
      'timeEnd',
      'totalFee',
    ],
    ...['tradeState', 'transactionId'],
  ])
  const server = await house.server('orderQuery', asked)
  t.match(server, {
    mchId: platforms.merchant.mchId,
    appId: platforms.app.appId,
    attach: 'mine',
    openid: alice,
    tradeType: 'JSAPI',
  })
  t.match(await house.server('orderQuery', { transactionId: server.transactionId }), {
    outTradeNo: 'T20500101',
  })
  t.match(await house.client('orderQuery', { transactionId: server.transactionId, sessionToken }), {
    tradeState: 'SUCCESS',
  })
})

t.test('unpaid, and not known to WeChat yet: both are unpaid', async (t) => {
  const { house, sessionToken } = await open(t)
  t.match(await house.client('orderQuery', { ...asked, sessionToken }), {
    tradeState: 'NOTPAY',
    orderState: 'CREATED',
  })
  await house.client('getOrderInfo', { ...asked, sessionToken })
  t.match(await house.client('orderQuery', { ...asked, sessionToken }), {
    tradeState: 'NOTPAY',
    orderState: 'PAYING',
  })
  t.match(await house.order('T20500101'), { state: 'PAYING', events: [] })
})

t.test('closed at WeChat is closed here, and told', async (t) => {
  const { house, sessionToken } = await open(t)
  await house.server('createOrder', {
    ...{ outTradeNo: 'T20500102', totalFee: 1, body: 'tea', openid: (await house.order('T20500101')).openid },
    expireMinutes: 5,
  })
  await house.client('getOrderInfo', { outTradeNo: 'T20500102', sessionToken })
  await house.clock.advance(6 * 60_000)
  const answer = await house.client('orderQuery', { outTradeNo: 'T20500102', sessionToken })
  t.match(answer, { tradeState: 'CLOSED', orderState: 'CLOSED' })
  t.match((await house.order('T20500102')).events, [{ type: 'payment.closed' }])
})

t.test('another’s order is no order', async (t) => {
  const { house, platforms } = await open(t)
  const bob = await house.login(platforms.openid('bob'))
  const answers = [
    await house.client('orderQuery', { ...asked, sessionToken: bob }),
    await house.client('orderQuery', asked),
    await house.client('orderQuery', { outTradeNo: 'T20500199', sessionToken: bob }),
    await house.client('orderQuery', { transactionId: '42', sessionToken: bob }),
  ]
  const seen = new Set(answers.map(({ requestId: _requestId, ...answer }) => JSON.stringify(answer)))
  t.equal(seen.size, 1)
  t.match(answers[0], { errCode: 'ORDER_NOT_FOUND' })
  t.strictSame(
    platforms.requests.filter(({ path }) => path === '/pay/orderquery'),
    [],
    'WeChat was not bothered',
  )
})

t.test('a server may ask about orders that were not made here', async (t) => {
  const { house } = await open(t)
  t.match(await house.server('orderQuery', { outTradeNo: 'T20500199' }), { errCode: 'ORDER_NOT_FOUND' })
  t.match(await house.server('orderQuery', {}), {
    errCode: 'INVALID_PARAM',
    errMsg: /^outTradeNo: required, or transactionId/,
  })
})

t.test('an answer that cannot be believed moves nothing', async (t) => {
  const shop = await open(t)
  const { house, platforms, sessionToken } = shop
  await payUnnoticed(shop)
  platforms.faults.next('weixin-pay-v2.notice', 'dropped', 9)
  for (const fault of ['forged', 'unsigned', 'wrong-merchant', 'html', 'truncated'] as const) {
    platforms.faults.next('/pay/orderquery', fault)
    const answer = await house.client('orderQuery', { ...asked, sessionToken })
    t.match(answer, { errCode: 'UNVERIFIED_ANSWER', outcome: 'unknown' }, fault)
    t.equal((await house.order('T20500101')).state, 'PAYING', fault)
    await house.clock.advance(FRESH_MS)
  }
  platforms.faults.next('/pay/orderquery', 'wrong-amount')
  await house.client('orderQuery', { ...asked, sessionToken })
  t.equal((await house.order('T20500101')).state, 'PAYING', 'another amount')
  const due = await house.store.events.due(house.clock.now(), 10)
  t.match(due, [{ event: { type: 'payment.contradiction' } }])
})

t.test('clients that poll ask the provider once in five seconds, two at once ask once', async (t) => {
  const shop = await open(t)
  const { house, sessionToken } = shop
  const poll = () => house.client('orderQuery', { ...asked, sessionToken })
  await house.client('getOrderInfo', { ...asked, sessionToken })
  const { nextQueryAt } = await house.order('T20500101')
  const first = await Promise.all(Array.from({ length: 10 }, poll))
  for (const answer of first) t.match(answer, { errCode: 0, tradeState: 'NOTPAY', orderState: 'PAYING' })
  t.equal(questions(shop), 1)
  await house.clock.advance(FRESH_MS - 1)
  t.match(await poll(), { tradeState: 'NOTPAY', orderState: 'PAYING', totalFee: 1999 })
  t.equal(questions(shop), 1)
  await house.clock.advance(1)
  t.match(await poll(), { tradeState: 'NOTPAY' })
  t.equal(questions(shop), 2)
  t.equal((await house.order('T20500101')).nextQueryAt, nextQueryAt, 'the timer asks as it would have')
})

t.test(
  'an order that waits for nothing is answered out of the store, a server is told by the provider',
  async (t) => {
    const shop = await open(t)
    const { house, sessionToken } = shop
    await payUnnoticed(shop)
    const poll = () => house.client('orderQuery', { ...asked, sessionToken })
    const asking = await poll()
    t.match(asking, { tradeState: 'SUCCESS', orderState: 'PAID' })
    await house.clock.advance(FRESH_MS)
    const { requestId: _one, ...stored } = await poll()
    t.equal(questions(shop), 1)
    t.strictSame(stored, asking, 'the same answer')
    await house.server('orderQuery', asked)
    t.equal(questions(shop), 2)
  },
)

t.test('a clock that was ahead when the provider was asked keeps nobody from asking', async (t) => {
  const shop = await open(t)
  const { house, sessionToken } = shop
  await house.client('getOrderInfo', { ...asked, sessionToken })
  const order = await house.order('T20500101')
  await house.store.orders.replace({ ...order, queriedAt: house.clock.now() + 3600_000 })
  t.match(await house.client('orderQuery', { ...asked, sessionToken }), { tradeState: 'NOTPAY' })
  t.equal(questions(shop), 1)
})
