import t, { type Test } from 'tap'
import { planned } from '../../../shared/payment/orders/states.js'
import { requested } from '../../../shared/payment/refunds/states.js'
import type { OrderInfo } from '../../../tools/emulator/platforms/index.js'
import { ORDER_NO, openShop, type Provider, patiently, providers, type Shop, TOTAL } from '../shop.js'

/** Orders about which nobody tells: the timer of each minute asks, on growing steps, until they end. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const forEach = (name: string, work: (t: Test, provider: Provider) => Promise<void>) =>
  t.test(name, async (t) => {
    for (const provider of providers) await t.test(provider, (t) => work(t, provider))
  })

/** Minutes pass, and the timer is fired in each. */
async function minutes(shop: Shop, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    await shop.house.clock.advance(MINUTE)
    await tick(shop)
  }
}

const tick = (shop: Shop) => patiently(shop, shop.house.timer('eventDispatch'))

/** Offered, and no notice of it will ever arrive. */
async function offered(
  t: Test,
  provider: Provider,
  more: object = {},
): Promise<{ shop: Shop; orderInfo: OrderInfo }> {
  const shop = await openShop(t, provider, more)
  await shop.place()
  const orderInfo = (await shop.offer()) as OrderInfo
  shop.platforms.faults.next(shop.api.notice, 'dropped', 99)
  shop.platforms.faults.next(shop.api.refundNotice, 'dropped', 99)
  return { shop, orderInfo }
}

forEach('a payment whose notice is lost is PAID by the first step that finds it', async (t, provider) => {
  const { shop, orderInfo } = await offered(t, provider)
  await shop.platforms.requestPayment(orderInfo)
  t.equal((await shop.order()).state, 'PAYING')
  await minutes(shop, 1)
  const paid = await shop.order()
  t.match(paid, { state: 'PAID', history: [{}, {}, { to: 'PAID', by: 'query', evidence: /:payment:/ }] })
  t.notOk('nextQueryAt' in paid, 'nothing is left to ask')
  t.strictSame(shop.told(), ['payment.paid'], 'told by the same run')
  const asked = shop.asked(shop.api.query)
  await minutes(shop, 5)
  t.equal(shop.asked(shop.api.query), asked, 'and not asked again')
})

t.test('the steps: 30 s, 1, 2, 5, 10, 30 minutes, then every hour', async (t) => {
  const { shop } = await offered(t, 'weixin-v3')
  const times: number[] = []
  for (let minute = 1; minute <= 200; minute++) {
    await shop.house.clock.advance(MINUTE)
    const before = shop.asked(shop.api.query)
    await shop.house.timer('eventDispatch')
    if (shop.asked(shop.api.query) > before) times.push(minute)
  }
  t.strictSame(times, [1, 2, 4, 9, 19, 49, 109, 169])
  t.match(await shop.order(), { state: 'PAYING', queries: 8 })
})

t.test('opened again by its payer, it is asked about soon again', async (t) => {
  const { shop, orderInfo } = await offered(t, 'weixin-v3')
  await minutes(shop, 50)
  await shop.offer()
  await shop.platforms.requestPayment(orderInfo)
  await minutes(shop, 1)
  t.equal((await shop.order()).state, 'PAID')
})

forEach(
  'an order whose end has come is asked about, closed, and asked about once more',
  async (t, provider) => {
    const shop = await openShop(t, provider)
    const openid =
      provider === 'alipay' ? shop.platforms.alipay.openid('alice') : shop.platforms.openid('alice')
    const order = { outTradeNo: ORDER_NO, totalFee: TOTAL, body: 'tea', openid, expireMinutes: 30 }
    t.match(await shop.house.server('createOrder', order), { errCode: 0 })
    const orderInfo = (await shop.offer()) as OrderInfo
    await minutes(shop, 32)
    t.match(await shop.order(), {
      state: 'CLOSED',
      history: [{}, {}, { to: 'CLOSED', by: /expiry|query|notice/ }],
    })
    t.strictSame(shop.told(), ['payment.closed'])
    await t.rejects(shop.platforms.requestPayment(orderInfo))
    const asked = shop.asked(shop.api.query)
    await minutes(shop, 12)
    t.equal(shop.asked(shop.api.query), asked + 1, 'once beyond its end')
    t.notOk('nextQueryAt' in (await shop.order()))
    await minutes(shop, 3)
    t.equal(shop.asked(shop.api.query), asked + 1)
  },
)

forEach('an order that was placed with an end and never offered ends as well', async (t, provider) => {
  const shop = await openShop(t, provider)
  const order = { outTradeNo: ORDER_NO, totalFee: TOTAL, body: 'tea', openid: 'oAlice', expireMinutes: 30 }
  t.match(await shop.house.server('createOrder', order), { errCode: 0 })
  await minutes(shop, 1)
  t.equal(shop.asked(shop.api.query), 0, 'nobody can have paid it')
  await shop.house.clock.advance(30 * MINUTE)
  await tick(shop)
  t.match(await shop.order(), { state: 'CLOSED' })
  t.strictSame(shop.told(), ['payment.closed'])
})

/** How long a provider takes a payment of an order that names no end. */
const longest = (provider: Provider) => (provider === 'alipay' ? 15 : 7) * 24 * HOUR

forEach('an order without an end is over when its provider takes no more payments', async (t, provider) => {
  const { shop } = await offered(t, provider)
  await shop.house.clock.advance(longest(provider) - HOUR)
  await tick(shop)
  t.equal((await shop.order()).state, 'PAYING')
  await shop.house.clock.advance(HOUR)
  await tick(shop)
  await minutes(shop, 2)
  t.equal((await shop.order()).state, 'CLOSED')
})

forEach('so is one that nobody was ever offered', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.place()
  await minutes(shop, 3)
  t.equal(shop.asked(shop.api.query), 0, 'nobody can have paid it')
  await shop.house.clock.advance(longest(provider))
  await tick(shop)
  t.match(await shop.order(), { state: 'CLOSED' })
  t.strictSame(shop.told(), ['payment.closed'])
})

forEach('a refund whose notice is lost is asked about until it ends', async (t, provider) => {
  const { shop, orderInfo } = await offered(t, provider)
  await shop.platforms.requestPayment(orderInfo)
  await minutes(shop, 2)
  if (provider === 'alipay') shop.platforms.faults.next(shop.api.refund, 'unfinished')
  t.match(await shop.refund('R1', 500), { errCode: 0, refundStatus: 'PROCESSING' })
  await shop.platforms.finishRefund('R1')
  t.match(await shop.order(), { state: 'PAID', refunds: [{ state: 'PROCESSING' }] })
  await minutes(shop, 2)
  const order = await shop.order()
  t.match(order, { state: 'PARTIALLY_REFUNDED', refunds: [{ state: 'SUCCEEDED' }] })
  t.notOk('nextQueryAt' in order)
  t.strictSame(shop.told(), ['payment.paid', 'refund.succeeded'])
})

forEach('a refund that died before its provider was asked frees its money', async (t, provider) => {
  const { shop, orderInfo } = await offered(t, provider)
  await shop.platforms.requestPayment(orderInfo)
  await minutes(shop, 2)
  // What the process has written that dies where it would ask.
  const { orders } = shop.house.store
  const at = shop.house.clock.now()
  const paid = await shop.order()
  const asked = { outRefundNo: 'R1', refundFee: paid.totalFee }
  await orders.replace(planned(paid, requested(paid, asked, at) ?? paid, at))
  t.match(await shop.entry('R1'), { state: 'REQUESTED' })
  t.match(await shop.refund('R2', TOTAL), { errCode: 'REFUND_TOO_MUCH' })
  await minutes(shop, 20)
  t.match(await shop.entry('R1'), { state: 'CLOSED' })
  t.match(await shop.refund('R2', TOTAL), { errCode: 0 })
})

forEach('runs at once ask once', async (t, provider) => {
  const { shop, orderInfo } = await offered(t, provider)
  await shop.platforms.requestPayment(orderInfo)
  await shop.house.clock.advance(MINUTE)
  const asked = shop.asked(shop.api.query)
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.house.timer('eventDispatch')))
  t.equal(shop.asked(shop.api.query) - asked, 1)
  t.equal(
    answers.reduce((sum, answer) => sum + Number(answer.asked), 0),
    1,
  )
  t.strictSame(shop.told(), ['payment.paid'])
})

t.test('a provider that does not answer: the next step asks again, and the log says so', async (t) => {
  const { shop, orderInfo } = await offered(t, 'weixin-v3')
  await shop.platforms.requestPayment(orderInfo)
  shop.platforms.faults.next(shop.api.query, 'html', 9)
  await minutes(shop, 1)
  t.equal((await shop.order()).state, 'PAYING')
  const notes = shop.house.log.flatMap((line) => (line.notes ?? []) as { event: string }[])
  t.match(
    notes.find(({ event }) => event === 'order.notAsked'),
    { outTradeNo: ORDER_NO },
  )
  shop.platforms.faults.clear()
  await minutes(shop, 2)
  t.equal((await shop.order()).state, 'PAID')
})

/** The order as it was written before there were times for questions. */
async function asOfOld(shop: Shop): Promise<void> {
  const { nextQueryAt: _due, plannedAt: _planned, queries: _asked, ...old } = await shop.order()
  await shop.house.store.orders.replace(old)
}

forEach('orders that were written before there were times for questions: PAYING', async (t, provider) => {
  const { shop, orderInfo } = await offered(t, provider)
  await shop.platforms.requestPayment(orderInfo)
  await asOfOld(shop)
  await minutes(shop, 3)
  t.equal((await shop.order()).state, 'PAID')
})

forEach('CREATED', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.place()
  await asOfOld(shop)
  await minutes(shop, 2)
  t.match(await shop.order(), { state: 'CREATED', nextQueryAt: Number })
  await shop.house.clock.advance(longest(provider))
  await tick(shop)
  t.equal((await shop.order()).state, 'CLOSED')
})

forEach(
  'with a refund that is PROCESSING, behind more than a page of orders that are settled',
  async (t, provider) => {
    const { shop, orderInfo } = await offered(t, provider)
    await shop.platforms.requestPayment(orderInfo)
    await minutes(shop, 2)
    if (provider === 'alipay') shop.platforms.faults.next(shop.api.refund, 'unfinished')
    await shop.refund('R1', 500)
    await shop.platforms.finishRefund('R1')
    await asOfOld(shop)
    const { nextQueryAt: _due, plannedAt: _planned, queries: _asked, ...settled } = await shop.order()
    for (let n = 0; n < 150; n++) {
      const { transactionId: _other, ...order } = {
        ...settled,
        outTradeNo: `S${n}`,
        refunds: [],
        events: [],
        rev: 0,
      }
      await shop.house.store.orders.create({ ...order, createdAt: order.createdAt + 1 + n, state: 'CLOSED' })
    }
    const upkeep = await shop.house.store.upkeep.state()
    if (upkeep) {
      const { looked: _done, ...again } = upkeep
      await shop.house.store.upkeep.save({ ...again, looked: { at: Number.MAX_SAFE_INTEGER, id: '' } })
    }
    await minutes(shop, 5)
    t.match(await shop.entry('R1'), { state: 'SUCCEEDED' })
  },
)
