import { createCipheriv, createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { crashingAfter } from './crashing.js'
import type { Fields } from './house.js'
import { NEXT_REFUND_MS, openShop, type Provider, patiently, providers, type Shop, TOTAL } from './shop.js'

/** Notices of refunds, sent by the local platforms and by nobody: what is asked about, and when it counts. */

const forEach = (name: string, work: (t: Test, provider: Provider) => Promise<void>) =>
  t.test(name, async (t) => {
    for (const provider of providers) await t.test(provider, (t) => work(t, provider))
  })

/** A paid order with a refund of 500 fen under way, of which the provider has not told yet. */
async function refunding(
  t: Test,
  provider: Provider,
  more: Parameters<typeof openShop>[2] = {},
): Promise<Shop> {
  const shop = await openShop(t, provider, more)
  await shop.pay()
  if (provider === 'alipay') shop.platforms.faults.next(shop.api.refund, 'unfinished')
  t.match(await shop.refund('R1', 500), { errCode: 0, refundStatus: 'PROCESSING' })
  return shop
}

const refundEvents = (shop: Shop) => shop.told().filter((type) => type !== 'payment.paid')

/** A V2 notice as anybody could write it who has the key, or blocks of it: nothing is signed. */
function claim({ platforms }: Shop, changes: Fields = {}): string {
  const fields = {
    ...{ out_refund_no: 'R1', out_trade_no: 'T20500101', refund_id: '1', refund_fee: '500' },
    ...{
      total_fee: '1999',
      refund_status: 'SUCCESS',
      transaction_id: '42',
      success_time: '2050-01-01 08:00:00',
    },
    ...changes,
  }
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`)
  const key = createHash('md5').update(platforms.merchant.key).digest('hex')
  const cipher = createCipheriv('aes-256-ecb', key, null)
  const sealed = cipher.update(`<root>${inner.join('')}</root>`, 'utf8', 'base64') + cipher.final('base64')
  return `<xml><return_code>SUCCESS</return_code><mch_id>${platforms.merchant.mchId}</mch_id><req_info>${sealed}</req_info></xml>`
}

const send = (shop: Shop, body: string) => shop.house.notice(body, { to: 'verifyRefundNotify' })

t.test('V2: a claim that is not true moves nothing, now or later', async (t) => {
  const shop = await refunding(t, 'weixin-v2')
  const before = await shop.order()
  t.match(await send(shop, claim(shop)), { status: 200, body: /SUCCESS/ }, 'kept, so it need not come again')
  t.strictSame(await shop.order(), before, 'it is not done yet, whatever is claimed')
  t.match(shop.house.log.at(-1), { notes: [{ event: 'payment.notice', verdict: 'received' }] })
  const asked = shop.asked(shop.api.refundQuery)
  for (let times = 0; times < 20; times++) await send(shop, claim(shop))
  t.equal(shop.asked(shop.api.refundQuery), asked, 'saying it again is no reason to ask again')
  await send(shop, claim(shop, { out_refund_no: 'R9' }))
  await send(shop, claim(shop, { out_trade_no: 'T2', out_refund_no: 'R8' }))
  t.strictSame(await shop.order(), before)
  shop.platforms.faults.next(shop.api.refundNotice, 'dropped', 99)
  await shop.platforms.finishRefund('R1')
  await shop.house.clock.advance(60_000)
  t.match(await shop.house.timer('eventDispatch'), { errCode: 0, confirmed: 1, delivered: 1 })
  t.match(await shop.order(), { state: 'PARTIALLY_REFUNDED', refunds: [{ state: 'SUCCEEDED' }] })
  for (let times = 0; times < 12; times++) {
    await shop.house.clock.advance(25 * 3600 * 1000)
    await shop.house.timer('eventDispatch')
  }
  t.equal((await shop.order()).refunds.length, 1, 'nobody knows of the others')
  t.strictSame(refundEvents(shop), ['refund.succeeded'])
  t.strictSame(
    await shop.house.store.notices.unconfirmed(Number.MAX_SAFE_INTEGER, 10),
    [],
    'they were given up',
  )
})

t.test(
  'V2: the provider does not answer in time: acknowledged once durable, confirmed by the timer',
  async (t) => {
    const shop = await refunding(t, 'weixin-v2', { env: { EVENT_TARGET: undefined } })
    shop.platforms.faults.next(shop.api.refundQuery, 'lost', 3)
    t.match(await patiently(shop, shop.platforms.finishRefund('R1')), { delivery: { state: 'delivered' } })
    t.match(shop.house.log.at(-1), { notes: [{ event: 'refund.unconfirmed' }, { verdict: 'received' }] })
    t.match(await shop.order(), { state: 'PAID', refunds: [{ state: 'PROCESSING' }] })
    t.match(await shop.house.timer('eventDispatch'), { confirmed: 0 }, 'not a moment before')
    await shop.house.clock.advance(15_000)
    t.match(
      await shop.house.timer('eventDispatch'),
      { confirmed: 1, delivered: 0 },
      'without a target for events too',
    )
    t.match(await shop.order(), { state: 'PARTIALLY_REFUNDED', refunds: [{ state: 'SUCCEEDED' }] })
    t.match(await shop.house.timer('eventDispatch'), { confirmed: 0 })
  },
)

t.test('V2: a store that is down keeps nothing, and so nothing is acknowledged', async (t) => {
  const store = await openEmbeddedStore()
  const shop = await refunding(t, 'weixin-v2', { store })
  const down = await openShop(t, 'weixin-v2', { platforms: shop.platforms, store: crashingAfter(store, 0) })
  t.match(await send(down, claim(shop)), { body: /FAIL/ })
  const up = await openShop(t, 'weixin-v2', { platforms: shop.platforms, store })
  t.match(await send(up, claim(shop)), { body: /SUCCESS/ })
})

t.test('V2: several timers at once ask once', async (t) => {
  const shop = await refunding(t, 'weixin-v2')
  shop.platforms.faults.next(shop.api.refundQuery, 'lost', 3)
  await patiently(shop, shop.platforms.finishRefund('R1'))
  const asked = shop.asked(shop.api.refundQuery)
  await shop.house.clock.advance(15_000)
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.house.timer('eventDispatch')))
  t.equal(
    answers.reduce((sum, { confirmed }) => sum + Number(confirmed), 0),
    1,
  )
  t.equal(shop.asked(shop.api.refundQuery) - asked, 1)
  t.strictSame(refundEvents(shop), ['refund.succeeded'])
})

t.test('V2: with no time left to ask, the provider has its answer, and the timer asks', async (t) => {
  const shop = await refunding(t, 'weixin-v2')
  const { notices } = shop.house.store
  const receive = notices.receive.bind(notices)
  notices.receive = async (notice) => {
    await shop.house.clock.advance(3000)
    return receive(notice)
  }
  t.match(await shop.platforms.finishRefund('R1'), { delivery: { state: 'delivered' } })
  t.equal(shop.asked(shop.api.refundQuery), 0)
  await shop.house.clock.advance(60_000)
  t.match(await shop.house.timer('eventDispatch'), { confirmed: 1 })
  t.match(await shop.order(), { state: 'PARTIALLY_REFUNDED' })
})

t.test('V2: of an order nobody made here: asked about, kept, told once', async (t) => {
  const shop = await refunding(t, 'weixin-v2')
  const elsewhere = await openShop(t, 'weixin-v2', { platforms: shop.platforms })
  elsewhere.house.env.NOTIFY_BASE_URL = shop.house.env.NOTIFY_BASE_URL
  t.match(await shop.platforms.finishRefund('R1'), { delivery: { state: 'delivered' } })
  await shop.platforms.redeliver('R1', 3)
  t.strictSame(elsewhere.told(), ['payment.unmatched'])
  t.match(elsewhere.house.called, [{ data: { data: { outRefundNo: 'R1' } } }])
})

forEach(
  'given back before its order was placed here: the next word about it counts, once',
  async (t, provider) => {
    const shop = await refunding(t, provider)
    const elsewhere = await openShop(t, provider, { platforms: shop.platforms })
    elsewhere.house.env.NOTIFY_BASE_URL = shop.house.env.NOTIFY_BASE_URL
    await shop.platforms.finishRefund('R1')
    const asked = shop.asked(shop.api.refundQuery)
    await shop.platforms.redeliver('R1', 3)
    t.equal(shop.asked(shop.api.refundQuery), asked, 'nothing has changed that were worth a question')
    await elsewhere.place()
    await shop.platforms.redeliver('R1', 3)
    t.match(await elsewhere.order(), {
      state: 'PARTIALLY_REFUNDED',
      refunds: [{ outRefundNo: 'R1', refundFee: 500, state: 'SUCCEEDED' }],
    })
    t.equal(elsewhere.told().filter((type) => type === 'refund.succeeded').length, 1)
    t.strictSame(await elsewhere.house.store.notices.unconfirmed(Number.MAX_SAFE_INTEGER, 10), [])
  },
)

forEach('a whole refund whose payment nobody told of: there is nothing to deliver', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.place()
  const orderInfo = (await shop.offer()) as Fields
  shop.platforms.faults.next(shop.api.notice, 'dropped')
  await shop.platforms.requestPayment(orderInfo)
  t.equal((await shop.order()).state, 'PAYING')
  const notifyUrl = `${shop.house.env.NOTIFY_BASE_URL}/verifyRefundNotify/${provider}/${(await shop.order()).merchantId}`
  const console = await openShop(t, provider, { platforms: shop.platforms })
  const asked = { outTradeNo: 'T20500101', outRefundNo: 'E1', refundFee: TOTAL, totalFee: TOTAL, notifyUrl }
  t.match(await console.house.server('refund', asked), { errCode: 0 })
  const again = await openShop(t, provider, {
    platforms: shop.platforms,
    store: shop.house.store,
    env: { NOTIFY_BASE_URL: 'https://x.example.com' },
  })
  await shop.platforms.finishRefund('E1')
  const order = await again.order()
  t.match(order, {
    state: 'REFUNDED',
    refunds: [{ outRefundNo: 'E1', refundFee: TOTAL, state: 'SUCCEEDED' }],
  })
  t.strictSame(
    order.history.map(({ to }) => to),
    ['CREATED', 'PAYING', 'REFUNDED'],
  )
  t.strictSame(again.told(), ['refund.succeeded'])
})

t.test('Alipay: paid and given back whole before anybody here knew of either', async (t) => {
  for (const ask of ['orderQuery', 'closeOrder'] as const) {
    const shop = await openShop(t, 'alipay')
    await shop.place()
    const orderInfo = (await shop.offer()) as Fields
    shop.platforms.faults.next(shop.api.notice, 'dropped', 9)
    await shop.platforms.requestPayment(orderInfo)
    const console = await openShop(t, 'alipay', { platforms: shop.platforms })
    const asked = { outTradeNo: 'T20500101', outRefundNo: 'E1', refundFee: TOTAL }
    t.match(await console.house.server('refund', asked), { errCode: 0, refundStatus: 'SUCCESS' })
    const again = await openShop(t, 'alipay', { platforms: shop.platforms, store: shop.house.store })
    again.house.env.NOTIFY_BASE_URL = shop.house.env.NOTIFY_BASE_URL
    const told = { tradeState: 'CLOSED', refundedFee: TOTAL, orderState: 'REFUNDED' }
    const answer = await again.house.server(ask, { outTradeNo: 'T20500101' })
    t.match(answer, ask === 'orderQuery' ? told : { errCode: 'ORDER_PAID' })
    t.match(await again.order(), { state: 'REFUNDED', transactionId: /^\d+$/, refunds: [] })
    t.strictSame(again.told(), ['payment.closed'], 'nobody is told to deliver')
    await shop.platforms.finishRefund('E1')
    t.match(await again.order(), { state: 'REFUNDED', refunds: [{ outRefundNo: 'E1', refundFee: TOTAL }] })
    t.strictSame(again.told(), ['payment.closed', 'refund.succeeded'])
  }
})

t.test('Alipay: given back whole elsewhere, and the notice got lost: the next query tells', async (t) => {
  const shop = await openShop(t, 'alipay')
  await shop.pay()
  const console = await openShop(t, 'alipay', { platforms: shop.platforms })
  await console.house.server('refund', { outTradeNo: 'T20500101', outRefundNo: 'E1', refundFee: TOTAL })
  const again = await openShop(t, 'alipay', { platforms: shop.platforms, store: shop.house.store })
  t.match(await again.house.server('orderQuery', { outTradeNo: 'T20500101' }), { orderState: 'REFUNDED' })
  t.match(await again.order(), { state: 'REFUNDED', cashFee: TOTAL })
})

t.test(
  'Alipay: a part given back elsewhere says only what was given back so far, so it is asked',
  async (t) => {
    const shop = await openShop(t, 'alipay')
    await shop.pay()
    const console = await openShop(t, 'alipay', { platforms: shop.platforms })
    const elsewhere = (outRefundNo: string, refundFee: number) =>
      console.house.server('refund', { outTradeNo: 'T20500101', outRefundNo, refundFee })
    await elsewhere('E1', 300)
    await elsewhere('E2', 400)
    const again = await openShop(t, 'alipay', { platforms: shop.platforms, store: shop.house.store })
    Object.assign(again.house.env, { NOTIFY_BASE_URL: shop.house.env.NOTIFY_BASE_URL })
    // The later one arrives first.
    t.match(await shop.platforms.finishRefund('E2'), { delivery: { state: 'delivered' } })
    t.match(await shop.platforms.finishRefund('E1'), { delivery: { state: 'delivered' } })
    const { refunds } = await again.order()
    const fees = refunds.map(({ outRefundNo, refundFee, state }) => `${outRefundNo} ${refundFee} ${state}`)
    t.strictSame(fees.sort(), ['E1 300 SUCCEEDED', 'E2 400 SUCCEEDED'])
    t.strictSame(again.told(), ['refund.succeeded', 'refund.succeeded'])
  },
)

forEach('the process dies after any write, and the notice comes again', async (t, provider) => {
  let whole = false
  for (let writes = 0; !whole && writes < 15; writes++) {
    const store = await openEmbeddedStore()
    const shop = await refunding(t, provider, { store })
    const crashing = crashingAfter(store, writes)
    const dying = await openShop(t, provider, { platforms: shop.platforms, store: crashing })
    dying.house.env.NOTIFY_BASE_URL = shop.house.env.NOTIFY_BASE_URL
    await shop.platforms.finishRefund('R1')
    const up = await openShop(t, provider, { platforms: shop.platforms, store })
    await shop.platforms.redeliver('R1', 1)
    await up.house.clock.advance(NEXT_REFUND_MS)
    await up.house.timer('eventDispatch')
    await shop.platforms.redeliver('R1', 1)
    t.match(
      await up.order(),
      { state: 'PARTIALLY_REFUNDED', refunds: [{ state: 'SUCCEEDED' }] },
      `${writes} writes`,
    )
    t.equal((await up.order()).history.length, 4)
    t.strictSame([...new Set([...refundEvents(dying), ...refundEvents(up)])], ['refund.succeeded'])
    t.strictSame(await store.events.due(Number.MAX_SAFE_INTEGER, 10), [], 'no event is left')
    t.strictSame(await store.notices.unconfirmed(Number.MAX_SAFE_INTEGER, 10), [], 'nor a claim')
    whole = crashing.written < writes
  }
  t.ok(whole, 'every write was walked')
})
