import t, { type Test } from 'tap'
import type { Fields } from './house.js'
import { openShop, type Provider, patiently, providers, type Shop, TOTAL } from './shop.js'

/** Orders that come to an end without a payment, and those that turn out to be paid after all. */

const forEach = (name: string, work: (t: Test, provider: Provider) => Promise<void>) =>
  t.test(name, async (t) => {
    for (const provider of providers) await t.test(provider, (t) => work(t, provider))
  })

const close = ({ house }: Shop, given: Fields = { outTradeNo: 'T20500101' }) =>
  house.server('closeOrder', given)
const cancel = ({ house }: Shop) => house.server('cancelOrder', { outTradeNo: 'T20500101' })

/** WeChat Pay V2 closes nothing in the first five minutes. */
async function offered(t: Test, provider: Provider): Promise<{ shop: Shop; orderInfo: Fields }> {
  const shop = await openShop(t, provider)
  await shop.place()
  const orderInfo = (await shop.offer()) as Fields
  await shop.house.clock.advance(6 * 60_000)
  return { shop, orderInfo }
}

forEach(
  'closed: the provider lets nobody pay it, the merchant is told, and again is the same',
  async (t, provider) => {
    const { shop, orderInfo } = await offered(t, provider)
    const closed = { errCode: 0, provider, outTradeNo: 'T20500101', orderState: 'CLOSED' }
    t.match(await close(shop), closed)
    t.match(await shop.order(), {
      state: 'CLOSED',
      history: [{}, {}, { to: 'CLOSED', by: /closeOrder|notice/ }],
    })
    // Alipay sends a notice of it too, which may be the first to tell.
    await shop.platforms.tick()
    t.strictSame(shop.told(), ['payment.closed'])
    await t.rejects(shop.platforms.requestPayment(orderInfo))
    t.match(await close(shop), closed)
    t.equal(shop.asked(shop.api.close), 1)
    t.match(await shop.house.server('getOrderInfo', { outTradeNo: 'T20500101' }), { errCode: 'ORDER_CLOSED' })
  },
)

forEach(
  'paid before it could be closed: PAID, not CLOSED, though the notice got lost',
  async (t, provider) => {
    const { shop, orderInfo } = await offered(t, provider)
    shop.platforms.faults.next(shop.api.notice, 'dropped', 9)
    await shop.platforms.requestPayment(orderInfo)
    t.match(await close(shop), { errCode: 'ORDER_PAID' })
    t.match(await shop.order(), { state: 'PAID', history: [{}, {}, { to: 'PAID', by: 'closeOrder' }] })
    t.strictSame(shop.told(), ['payment.paid'])
    t.match(await close(shop), { errCode: 'ORDER_PAID' })
  },
)

forEach('paid while it was being closed: PAID', async (t, provider) => {
  const { shop, orderInfo } = await offered(t, provider)
  shop.platforms.faults.next(shop.api.notice, 'dropped', 9)
  shop.platforms.faults.next(shop.api.close, 'busy', 3)
  const closing = close(shop)
  await shop.platforms.requestPayment(orderInfo)
  t.match(await patiently(shop, closing), { errCode: 'ORDER_PAID' })
  t.equal((await shop.order()).state, 'PAID')
})

forEach('the answer to the closing gets lost: asked, and believed', async (t, provider) => {
  const { shop } = await offered(t, provider)
  shop.platforms.faults.next(shop.api.close, 'lost')
  t.match(await patiently(shop, close(shop)), { errCode: 0, orderState: 'CLOSED' })
  t.equal((await shop.order()).state, 'CLOSED')
})

forEach(
  'nobody can say how it stands: nothing is closed here, and the caller may try again',
  async (t, provider) => {
    const { shop } = await offered(t, provider)
    shop.platforms.faults.next(shop.api.query, 'html', 3)
    // Alipay would tell of the closing by itself.
    shop.platforms.faults.next(shop.api.notice, 'dropped', 9)
    const open = await patiently(shop, close(shop))
    t.not(open.errCode, 0)
    t.match(open, { outcome: 'unknown' })
    t.equal((await shop.order()).state, 'PAYING')
    shop.platforms.faults.clear()
    t.match(await close(shop), { errCode: 0, orderState: 'CLOSED' })
  },
)

forEach('an order the provider has never heard of is closed here', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.place()
  t.match(await close(shop), { errCode: 0, orderState: 'CLOSED' })
  t.strictSame(shop.told(), ['payment.closed'])
})

t.test('V2 refuses it in the first five minutes, and says so', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  await shop.place()
  await shop.offer()
  t.match(await close(shop), { errCode: 'TRADE_STATE_ERROR' })
  t.equal((await shop.order()).state, 'PAYING')
})

t.test(
  'Alipay: what an app holds can be paid until it expires, so it does not count as closed',
  async (t) => {
    const shop = await openShop(t, 'alipay')
    const { house } = shop
    const order = { outTradeNo: 'T20500101', totalFee: TOTAL, body: 'tea', expireMinutes: 30 }
    await house.server('createOrder', order)
    const { orderInfo } = await house.server('getOrderInfo', { outTradeNo: 'T20500101', clientType: 'app' })
    t.match(await close(shop), { errCode: 'ORDER_NOT_BEGUN', errMsg: /expireMinutes/ })
    t.match(await cancel(shop), { errCode: 0, orderState: 'PAYING' })
    t.equal((await shop.order()).state, 'PAYING')
    shop.platforms.alipay.openCashier(String(orderInfo))
    t.match(await close(shop), { errCode: 0, orderState: 'CLOSED' }, 'once the cashier knows it')

    const late = await openShop(t, 'alipay')
    await late.house.server('createOrder', order)
    await late.house.server('getOrderInfo', { outTradeNo: 'T20500101', clientType: 'app' })
    await late.house.clock.advance(31 * 60_000)
    t.match(await close(late), { errCode: 0, orderState: 'CLOSED' }, 'or it has expired')
  },
)

t.test('Alipay: what an app holds dies within a day, so that it can be closed in the end', async (t) => {
  const shop = await openShop(t, 'alipay')
  const { house } = shop
  await house.server('createOrder', { outTradeNo: 'T20500101', totalFee: TOTAL, body: 'tea' })
  const asked = { outTradeNo: 'T20500101', clientType: 'app' }
  const { orderInfo } = await house.server('getOrderInfo', asked)
  t.match(decodeURIComponent(String(orderInfo)), '"time_expire":"2050-01-02 08:00:00"')
  await house.clock.advance(3600_000)
  const { orderInfo: again } = await house.server('getOrderInfo', asked)
  t.match(
    decodeURIComponent(String(again)),
    '"time_expire":"2050-01-02 08:00:00"',
    'asked again it is the same',
  )
  t.match(await close(shop), { errCode: 'ORDER_NOT_BEGUN' })
  await house.clock.advance(23 * 3600_000)
  await t.rejects(shop.platforms.requestPayment(orderInfo as string))
  t.match(await close(shop), { errCode: 0, orderState: 'CLOSED' })
})

t.test(
  'Alipay: that it was asked for elsewhere first, in vain, gives an app nothing without an end',
  async (t) => {
    const shop = await openShop(t, 'alipay')
    const { house } = shop
    const made = await house.server('createOrder', { outTradeNo: 'T20500101', totalFee: TOTAL, body: 'tea' })
    const asked = { outTradeNo: 'T20500101', payToken: made.payToken }
    const inVain = await house.client('getOrderInfo', { ...asked, clientType: 'mp-alipay' })
    t.match(inVain, { errCode: 'INVALID_PARAM', errMsg: /^openid/ })
    const { orderInfo } = await house.client('getOrderInfo', { ...asked, clientType: 'app' })
    t.match(decodeURIComponent(String(orderInfo)), '"time_expire":"2050-01-02 08:00:00"')
    await house.clock.advance(24 * 3600_000)
    await t.rejects(shop.platforms.requestPayment(orderInfo as string))
    t.match(await close(shop), { errCode: 0, orderState: 'CLOSED' })
  },
)

forEach('an order that was not made here', async (t, provider) => {
  const { shop } = await offered(t, provider)
  const elsewhere = await openShop(t, provider, { platforms: shop.platforms })
  await elsewhere.house.clock.advance(6 * 60_000)
  const answer = await close(elsewhere)
  t.match(answer, { errCode: 0, provider, outTradeNo: 'T20500101' })
  t.notOk('orderState' in answer)
  t.match(await close(elsewhere), answer, 'and closed already')
})

forEach('an order that was not made here, and is paid', async (t, provider) => {
  const { shop, orderInfo } = await offered(t, provider)
  await shop.platforms.requestPayment(orderInfo)
  const elsewhere = await openShop(t, provider, { platforms: shop.platforms })
  await elsewhere.house.clock.advance(6 * 60_000)
  t.match(await close(elsewhere), { errCode: /^ORDER_?PAID$/ })
})

t.test('only Alipay cancels; the others say what to do instead', async (t) => {
  for (const provider of ['weixin-v2', 'weixin-v3'] as const) {
    const { shop } = await offered(t, provider)
    const answer = await cancel(shop)
    t.match(answer, {
      errCode: 'NOT_OFFERED',
      errMsg: /payment\.cancelOrder of weixin-v\d: .*closeOrder.*refund/,
    })
    t.equal((await shop.order()).state, 'PAYING')
  }
})

t.test('Alipay: cancelled unpaid is closed, cancelled paid is given back', async (t) => {
  const unpaid = await offered(t, 'alipay')
  t.match(await cancel(unpaid.shop), {
    errCode: 0,
    provider: 'alipay',
    action: 'close',
    orderState: 'CLOSED',
  })
  t.strictSame(unpaid.shop.told(), ['payment.closed'])
  t.match(await cancel(unpaid.shop), { errCode: 0, orderState: 'CLOSED' }, 'again')

  const { shop, orderInfo } = await offered(t, 'alipay')
  shop.platforms.faults.next(shop.api.notice, 'dropped', 9)
  await shop.platforms.requestPayment(orderInfo)
  t.match(await cancel(shop), {
    errCode: 0,
    action: 'refund',
    orderState: 'REFUNDED',
    transactionId: /^\d+$/,
  })
  t.match(await shop.order(), {
    state: 'REFUNDED',
    refunds: [{ outRefundNo: 'T20500101', refundFee: TOTAL, state: 'SUCCEEDED' }],
  })
  t.strictSame(shop.told(), ['refund.succeeded'])
  await shop.platforms.finishRefund('T20500101')
  t.strictSame(shop.told(), ['refund.succeeded'], 'its notice says nothing new')
  t.equal((await shop.order()).refunds.length, 1)
})

t.test('Alipay: what is known to be paid is refunded, not cancelled', async (t) => {
  const shop = await openShop(t, 'alipay')
  await shop.pay()
  t.match(await cancel(shop), { errCode: 'ORDER_PAID' })
  t.equal(shop.asked('alipay.trade.cancel'), 0)
})

t.test('Alipay: a cancellation that is not finished is repeated, then left open', async (t) => {
  const { shop } = await offered(t, 'alipay')
  shop.platforms.faults.next('alipay.trade.cancel', 'unfinished', 3)
  t.match(await cancel(shop), { errCode: 'CANCEL_UNFINISHED', outcome: 'unknown' })
  t.equal((await shop.order()).state, 'PAYING')
  t.match(await cancel(shop), { errCode: 0, action: 'close' })
})
