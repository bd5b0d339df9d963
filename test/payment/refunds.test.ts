import t, { type Test } from 'tap'
import type { Fields } from './house.js'
import { NEXT_REFUND_MS, openShop, type Provider, patiently, providers, type Shop, TOTAL } from './shop.js'

/** Refunds through the front door, over a real store, at every provider's platforms. */

const forEach = (name: string, work: (t: Test, provider: Provider) => Promise<void>) =>
  t.test(name, async (t) => {
    for (const provider of providers) await t.test(provider, (t) => work(t, provider))
  })

/** Lets the provider end the refund and tell of it. */
async function finish(
  { platforms, house, provider }: Shop,
  outRefundNo: string,
  outcome?: 'CLOSED' | 'ABNORMAL',
) {
  const { delivery } = await platforms.finishRefund(outRefundNo, outcome)
  if (outcome === undefined && delivery?.state !== 'delivered') {
    throw new Error(`the notice of ${provider} is ${delivery?.state}: ${JSON.stringify(house.log.at(-1))}`)
  }
}

forEach('a part, another part, the rest: each tells its own amount', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  const states = []
  for (const [outRefundNo, refundFee] of [
    ['R1', 500] as const,
    ['R2', 1000] as const,
    ['R3', 499] as const,
  ]) {
    const answer = await shop.refund(outRefundNo, refundFee, { totalFee: TOTAL, refundDesc: '茶凉了' })
    t.match(answer, {
      ...{ errCode: 0, provider, outTradeNo: 'T20500101', outRefundNo, refundFee, totalFee: TOTAL },
      ...{ refundStatus: /^(PROCESSING|SUCCESS)$/, transactionId: /^\d+$/, outcome: undefined },
    })
    await finish(shop, outRefundNo)
    states.push((await shop.order()).state)
    t.match(await shop.entry(outRefundNo), { state: 'SUCCEEDED', attempts: 1, refundFee })
    await shop.house.clock.advance(NEXT_REFUND_MS)
  }
  t.strictSame(states, ['PARTIALLY_REFUNDED', 'PARTIALLY_REFUNDED', 'REFUNDED'])
  t.strictSame(shop.told(), ['payment.paid', 'refund.succeeded', 'refund.succeeded', 'refund.succeeded'])
  const events = shop.house.called.slice(1).map(({ data }) => data.data as Fields)
  t.match(events, [
    { outRefundNo: 'R1', refundFee: 500, totalFee: TOTAL, state: 'PARTIALLY_REFUNDED', provider },
    { outRefundNo: 'R2', refundFee: 1000, refundStatus: 'SUCCESS' },
    { outRefundNo: 'R3', refundFee: 499, state: 'REFUNDED' },
  ])
  t.equal(new Set(shop.house.called.map(({ data }) => data.id)).size, 4)
  const { history } = await shop.order()
  t.strictSame(
    history.slice(-2).map(({ to }) => to),
    ['PARTIALLY_REFUNDED', 'REFUNDED'],
  )
})

forEach('the same number and amount is the same refund, however often', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  const first = await shop.refund('R1', 500)
  t.strictSame(await shop.refund('R1', 500), first)
  t.equal(shop.asked(shop.api.refund), 1, 'what was accepted is not asked for again')
  await finish(shop, 'R1')
  const { refundSuccessTime: _time, ...later } = await shop.refund('R1', 500)
  const { refundSuccessTime: _then, ...before } = first
  t.strictSame(later, { ...before, refundStatus: 'SUCCESS', orderState: 'PARTIALLY_REFUNDED' })
  t.equal(shop.asked(shop.api.refund), 1)
  t.match(await shop.refund('R1', 499), { errCode: 'OUT_REFUND_NO_USED' })
  t.equal((await shop.order()).refunds.length, 1)
})

forEach('twenty at once with one number are one refund', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.refund('R1', 500)))
  t.ok(answers.every(({ errCode, refundFee }) => errCode === 0 && refundFee === 500))
  const state = shop.platforms.state() as Record<string, { refunds?: Fields[] }>
  const made = Object.values(state).flatMap(({ refunds }) => refunds ?? [])
  t.equal(made.length, 1, 'the provider made one')
  t.equal((await shop.order()).refunds.length, 1)
})

forEach('never more than the order, whatever is open, at once or one by one', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  t.match(await shop.refund('R0', TOTAL + 1), { errCode: 'REFUND_TOO_MUCH', errMsg: /^refundFee: / })
  t.match(await shop.refund('R0', 1, { totalFee: TOTAL - 1 }), {
    errCode: 'INVALID_PARAM',
    errMsg: /^totalFee/,
  })
  await shop.refund('R1', 1500)
  t.match(await shop.refund('R2', 500), { errCode: 'REFUND_TOO_MUCH' })
  t.equal(shop.asked(shop.api.refund), 1, 'the provider was not even asked')
  await shop.house.clock.advance(NEXT_REFUND_MS)
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => shop.refund(`S${n}`, 300, { refundDesc: 'at once' })),
  )
  const done = answers.filter(({ errCode }) => errCode === 0)
  t.equal(done.length, 1)
  t.ok(answers.every(({ errCode }) => errCode === 0 || errCode === 'REFUND_TOO_MUCH'))
})

forEach('the request is written down before the provider hears of it', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  const { house } = shop
  const { orders } = house.store
  const seen: string[] = []
  const replace = orders.replace.bind(orders)
  orders.replace = async (order) => {
    seen.push(`${order.refunds[0]?.state} ${shop.asked(shop.api.refund)}`)
    return replace(order)
  }
  await shop.refund('R1', 500)
  t.equal(seen[0], 'REQUESTED 0')
})

/** It may have been carried out, and was. A provider that is patient tries three times. */
const openEnds = ['lost', 'busy-acted', 'truncated'] as const

forEach('an unknown outcome is kept, counts, and is resolved by the same call', async (t, provider) => {
  for (const fault of openEnds) {
    const shop = await openShop(t, provider)
    await shop.pay()
    shop.platforms.faults.next(shop.api.refund, fault, 3)
    const open = await patiently(shop, shop.refund('R1', 1500))
    t.match(open, { outcome: 'unknown' }, fault)
    t.not(open.errCode, 0)
    t.match(await shop.entry('R1'), { state: 'UNKNOWN' })
    t.equal((await shop.order()).state, 'PAID', 'nothing moved')
    t.match(await shop.refund('R2', 500), { errCode: 'REFUND_TOO_MUCH' }, 'it may have been carried out')
    t.match(await shop.refund('R1', 1400), { errCode: 'OUT_REFUND_NO_USED' })
    shop.platforms.faults.clear()
    const again = await shop.refund('R1', 1500)
    t.match(again, { errCode: 0, refundFee: 1500, refundStatus: /PROCESSING|SUCCESS/ }, `${fault}, again`)
    const state = shop.platforms.state() as Record<string, { refunds?: Fields[] }>
    t.equal(Object.values(state).flatMap(({ refunds }) => refunds ?? []).length, 1, 'one refund there')
  }
})

forEach('what the provider certainly refused is free again', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  shop.platforms.faults.next(shop.api.refund, 'no-funds')
  const refused = await shop.refund('R1', 1500)
  t.not(refused.errCode, 0)
  t.equal(refused.outcome, undefined, 'it failed, and that is known')
  t.match(await shop.entry('R1'), { state: 'CLOSED', attempts: 1 })
  t.match(await shop.refund('R2', TOTAL), { errCode: 0 }, 'another number may have it all')
  t.match(await shop.refund('R1', 1500), { errCode: 'REFUND_TOO_MUCH' }, 'and then nothing is left')
  t.strictSame(
    shop.told(),
    shop.provider === 'alipay' ? ['payment.paid', 'refund.succeeded'] : ['payment.paid'],
  )
})

forEach('later with the same number, as the provider wants it', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  shop.platforms.faults.next(shop.api.refund, 'no-funds')
  await shop.refund('R1', 1500)
  t.match(await shop.refund('R1', 1500), { errCode: 0, outRefundNo: 'R1', refundFee: 1500 })
  t.match(await shop.entry('R1'), { state: /PROCESSING|SUCCEEDED/, attempts: 1 })
})

forEach('a refusal after an unknown outcome proves nothing', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  shop.platforms.faults.next(shop.api.refund, 'html', 3)
  t.match(await patiently(shop, shop.refund('R1', 500)), { outcome: 'unknown' })
  shop.platforms.faults.clear()
  shop.platforms.faults.next(shop.api.refund, 'no-funds')
  await shop.refund('R1', 500)
  t.match(await shop.entry('R1'), { state: 'UNKNOWN', attempts: 2 })
})

forEach('an order nobody is known to have paid: the provider is asked', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.place()
  const orderInfo = (await shop.offer()) as Fields
  t.match(await shop.refund('R1', 500), { errCode: 'ORDER_NOT_PAID' })
  t.strictSame((await shop.order()).refunds, [])
  shop.platforms.faults.next(shop.api.notice, 'dropped')
  await shop.platforms.requestPayment(orderInfo)
  t.equal((await shop.order()).state, 'PAYING', 'the notice was lost')
  t.match(await shop.refund('R1', 500), { errCode: 0 })
  t.match((await shop.order()).history, [{}, {}, { to: 'PAID', by: 'query' }])
  t.match(shop.told()[0], 'payment.paid')
})

forEach('by the number of the payment, known here or not', async (t, provider) => {
  const shop = await openShop(t, provider)
  const by = (transactionId: unknown, outRefundNo: string) =>
    shop.house.server('refund', { transactionId, outRefundNo, refundFee: 100 })
  await shop.place()
  const orderInfo = (await shop.offer()) as Fields
  shop.platforms.faults.next(shop.api.notice, 'dropped')
  const { order } = await shop.platforms.requestPayment(orderInfo)
  const { transactionId } = order
  t.equal((await shop.order()).transactionId, undefined, 'its notice got lost')
  t.match(await by(transactionId, 'R1'), { errCode: 0, outTradeNo: 'T20500101', orderState: /PAID|REFUNDED/ })
  t.match(await shop.entry('R1'), { refundFee: 100 }, 'and it is ours all the same')
  await shop.house.clock.advance(NEXT_REFUND_MS)
  t.match(await by(transactionId, 'R2'), { errCode: 0, outTradeNo: 'T20500101', transactionId })
  t.match(await shop.entry('R2'), { refundFee: 100 })
})

forEach(
  'an order that was not made here: its total has to be named, and nothing is kept',
  async (t, provider) => {
    const shop = await openShop(t, provider)
    await shop.pay()
    const elsewhere = await openShop(t, provider, { platforms: shop.platforms })
    const asked = { outTradeNo: 'T20500101', outRefundNo: 'R1', refundFee: 500 }
    if (provider !== 'alipay') {
      const answer = await elsewhere.house.server('refund', asked)
      t.match(answer, { errCode: 'INVALID_PARAM', errMsg: /^totalFee: / })
    }
    const answer = await elsewhere.house.server('refund', { ...asked, totalFee: TOTAL })
    t.match(answer, { errCode: 0, provider, outRefundNo: 'R1', refundFee: 500 })
    t.notOk('orderState' in answer)
    t.strictSame(await elsewhere.house.store.orders.findByOutTradeNo('T20500101'), [])
  },
)

t.test('what goes back to coupons: both of WeChat Pay’s systems say it in the same words', async (t) => {
  for (const provider of ['weixin-v2', 'weixin-v3'] as const) {
    const shop = await openShop(t, provider)
    await shop.place()
    const orderInfo = await shop.offer()
    await shop.platforms.requestPayment(orderInfo as Record<string, string>, { coupons: [100, 99] })
    const answer = await shop.refund('R1', 500)
    const names = ['couponRefundFee', 'couponRefundCount', 'couponList'] as const
    const coupons = (from: Fields) => Object.fromEntries(names.map((name) => [name, from[name]]))
    t.match(coupons(answer), {
      ...{ couponRefundFee: 49, couponRefundCount: 1 },
      couponList: [{ couponType: 'CASH', couponRefundFee: 49, couponRefundId: /^\d+$/ }],
    })
    t.strictSame(coupons(await shop.refund('R1', 500)), coupons(answer), `${provider}: again, the same`)
    await finish(shop, 'R1')
    const asked = { outTradeNo: 'T20500101', outRefundNo: 'R1' }
    const { refundList } = await shop.house.server('refundQuery', asked)
    t.strictSame(coupons((refundList as Fields[])[0] ?? {}), coupons(answer), `${provider}: asked about`)
  }
})

t.test('WeChat Pay wants a number of the refund, Alipay takes the order’s', async (t) => {
  const asked = { outTradeNo: 'T20500101', refundFee: TOTAL }
  for (const provider of providers) {
    const shop = await openShop(t, provider)
    await shop.pay()
    const answer = await shop.house.server('refund', asked)
    if (provider === 'alipay') t.match(answer, { errCode: 0, outRefundNo: 'T20500101' })
    else t.match(answer, { errCode: 'INVALID_PARAM', errMsg: /^outRefundNo: / })
  }
})

t.test('no client refunds, closes, cancels or sees a bill', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  await shop.pay()
  const sessionToken = await shop.house.login()
  const names = [
    'refund',
    'refundQuery',
    'closeOrder',
    'cancelOrder',
    'downloadBill',
    'downloadFundflow',
  ] as const
  for (const name of names) {
    const given = { outTradeNo: 'T20500101', outRefundNo: 'R1', refundFee: 1, sessionToken }
    t.match(await shop.house.client(name, given), { errCode: 'FORBIDDEN' }, name)
  }
  t.equal(shop.asked(shop.api.refund), 0)
})
