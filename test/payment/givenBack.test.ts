import t, { type Test } from 'tap'
import type { Store } from '../../shared/store/port.js'
import type { Fields } from './house.js'
import { NEXT_REFUND_MS, ORDER_NO, openShop, type Provider, providers, type Shop, TOTAL } from './shop.js'

/** Money that is back before anybody here knew that it had come: nobody is told to deliver for it. */

/** An order that was paid, and whose notice was never seen, with another deployment that gives its money back. */
interface Lost {
  shop: Shop
  /** Gives back elsewhere, in the merchant's console for example. */
  giveBack(outRefundNo: string | undefined, refundFee: number): Promise<void>
}

async function lost(t: Test, provider: Provider): Promise<Lost> {
  const first = await openShop(t, provider)
  await first.place()
  const orderInfo = (await first.offer()) as Fields
  first.platforms.faults.next(first.api.notice, 'dropped', 99)
  await first.platforms.requestPayment(orderInfo)
  const { merchantId } = await first.order()
  const refundUrl = `${first.house.env.NOTIFY_BASE_URL}/verifyRefundNotify/${provider}/${merchantId}`
  const open = async (store?: Store) => {
    const shop = await openShop(t, provider, { platforms: first.platforms, ...(store ? { store } : {}) })
    Object.assign(shop.house.env, { NOTIFY_BASE_URL: first.house.env.NOTIFY_BASE_URL })
    await shop.house.clock.advance(first.house.clock.now() - shop.house.clock.now())
    return shop
  }
  const made: Lost = {
    shop: first,
    async giveBack(outRefundNo, refundFee) {
      await first.house.clock.advance(NEXT_REFUND_MS)
      const console = await open()
      const answer = await console.house.server('refund', {
        ...{ outTradeNo: ORDER_NO, refundFee, totalFee: TOTAL, notifyUrl: refundUrl },
        ...(outRefundNo === undefined ? {} : { outRefundNo }),
      })
      t.match(answer, { errCode: 0 })
      // The functions of the shop answer from here on.
      made.shop = await open(first.house.store)
    },
  }
  return made
}

const movesOf = async (shop: Shop) => (await shop.order()).history.map(({ to }) => to)

const dataOf = (shop: Shop, type: string) =>
  shop.house.called.find(({ data }) => data.type === type)?.data.data as Fields | undefined

for (const provider of providers) {
  t.test(`${provider}: the whole, by its notice, by a query of the refund`, async (t) => {
    for (const way of ['notice', 'refundQuery'] as const) {
      const made = await lost(t, provider)
      await made.giveBack('E1', TOTAL)
      const { shop } = made
      if (way === 'notice') await shop.platforms.finishRefund('E1')
      else await finishUnnoticed(shop, 'E1')
      if (way !== 'notice') await shop.house.server(way, { outTradeNo: ORDER_NO, outRefundNo: 'E1' })
      t.strictSame(await movesOf(shop), ['CREATED', 'PAYING', 'REFUNDED'], way)
      t.strictSame(shop.told(), ['refund.succeeded'], 'and nothing to deliver')
      t.match(await shop.order(), { refunds: [{ outRefundNo: 'E1', refundFee: TOTAL, state: 'SUCCEEDED' }] })
    }
  })

  t.test(`${provider}: a part: paid, with what is left`, async (t) => {
    const made = await lost(t, provider)
    await made.giveBack('E1', 500)
    const { shop } = made
    await shop.platforms.finishRefund('E1')
    t.match(await shop.order(), { state: 'PARTIALLY_REFUNDED' })
    t.strictSame(shop.told().sort(), ['payment.paid', 'refund.succeeded'])
    t.match(dataOf(shop, 'payment.paid'), { refundedFee: 500, remainingFee: TOTAL - 500, totalFee: TOTAL })
  })
}

/** The refund comes to its end, and its notice gets lost. */
async function finishUnnoticed({ platforms, api }: Shop, number: string, outcome?: 'CLOSED'): Promise<void> {
  platforms.faults.next(api.refundNotice, 'dropped', 9)
  await platforms.finishRefund(number, outcome)
}

t.test('V2: the order query says REFUND and not how much: the refunds are asked for', async (t) => {
  for (const [fees, state, told] of [
    [[TOTAL], 'REFUNDED', ['refund.succeeded']],
    [[500, TOTAL - 500], 'REFUNDED', ['refund.succeeded', 'refund.succeeded']],
    [[500, 700], 'PARTIALLY_REFUNDED', ['payment.paid', 'refund.succeeded', 'refund.succeeded']],
    [
      Array<number>(12).fill(100),
      'PARTIALLY_REFUNDED',
      ['payment.paid', ...Array<string>(12).fill('refund.succeeded')],
    ],
  ] as const) {
    const made = await lost(t, 'weixin-v2')
    for (const [n, fee] of fees.entries()) {
      await made.giveBack(`E${n}`, fee)
      await finishUnnoticed(made.shop, `E${n}`)
    }
    const { shop } = made
    const answer = await shop.house.server('orderQuery', { outTradeNo: ORDER_NO })
    t.match(answer, { errCode: 0, tradeState: 'REFUND', orderState: state })
    t.strictSame(shop.told(), told)
    t.equal((await shop.order()).refunds.length, fees.length)
    const left = TOTAL - fees.reduce<number>((sum, fee) => sum + fee, 0)
    if (left > 0) t.match(dataOf(shop, 'payment.paid'), { remainingFee: left })
  }
})

t.test('V2: closing asks in the same way, and says that it was paid', async (t) => {
  const made = await lost(t, 'weixin-v2')
  await made.giveBack('E1', TOTAL)
  await finishUnnoticed(made.shop, 'E1')
  t.match(await made.shop.house.server('closeOrder', { outTradeNo: ORDER_NO }), { errCode: 'ORDER_PAID' })
  t.strictSame(made.shop.told(), ['refund.succeeded'])
})

t.test('V2: nobody can say how much: nothing moves, and the next query asks again', async (t) => {
  const made = await lost(t, 'weixin-v2')
  await made.giveBack('E1', TOTAL)
  const { shop } = made
  await finishUnnoticed(shop, 'E1')
  shop.platforms.faults.next(shop.api.refundQuery, 'no-permission')
  t.not((await shop.house.server('orderQuery', { outTradeNo: ORDER_NO })).errCode, 0)
  t.match(await shop.order(), { state: 'PAYING', events: [] })
  t.match(await shop.house.server('orderQuery', { outTradeNo: ORDER_NO }), { orderState: 'REFUNDED' })
  t.strictSame(shop.told(), ['refund.succeeded'])
})

t.test('V2: the last of two refunds that make the whole, by its notice', async (t) => {
  const made = await lost(t, 'weixin-v2')
  await made.giveBack('E1', 500)
  await finishUnnoticed(made.shop, 'E1')
  await made.giveBack('E2', TOTAL - 500)
  const { shop } = made
  shop.platforms.faults.clear()
  await shop.platforms.finishRefund('E2')
  t.equal((await shop.order()).state, 'REFUNDED')
  t.strictSame(shop.told(), ['refund.succeeded'])
})

t.test('V3: the order query says REFUND, and nobody can be asked how much: a person looks', async (t) => {
  for (const fee of [TOTAL, 500]) {
    const made = await lost(t, 'weixin-v3')
    await made.giveBack('E1', fee)
    const { shop } = made
    await finishUnnoticed(shop, 'E1')
    const answer = await shop.house.server('orderQuery', { outTradeNo: ORDER_NO })
    t.match(answer, { tradeState: 'REFUND', orderState: 'PAID' })
    t.strictSame(shop.told(), ['payment.paidThenRefunded'])
    shop.platforms.faults.clear()
    await shop.platforms.redeliver(ORDER_NO)
    await shop.house.server('refundQuery', { outTradeNo: ORDER_NO, outRefundNo: 'E1' })
    t.equal((await shop.order()).state, fee === TOTAL ? 'REFUNDED' : 'PARTIALLY_REFUNDED')
    t.strictSame(shop.told(), ['payment.paidThenRefunded', 'refund.succeeded'])
  }
})

t.test('the whole on its way back: nothing is told until it is back, or stays', async (t) => {
  for (const provider of ['weixin-v2', 'weixin-v3'] as const) {
    for (const outcome of [undefined, 'CLOSED'] as const) {
      const made = await lost(t, provider)
      await made.giveBack('E1', TOTAL)
      const { shop } = made
      const asked = { outTradeNo: ORDER_NO, outRefundNo: 'E1' }
      t.match(await shop.house.server('refundQuery', asked), { errCode: 0 })
      t.match(await shop.order(), { state: 'PAYING', refunds: [{ state: 'PROCESSING' }] }, provider)
      t.strictSame(shop.told(), [])
      await finishUnnoticed(shop, 'E1', outcome)
      await shop.house.server('refundQuery', asked)
      t.equal((await shop.order()).state, outcome ? 'PAID' : 'REFUNDED')
      t.strictSame(shop.told(), outcome ? ['payment.paid', 'refund.closed'] : ['refund.succeeded'])
    }
  }
})

t.test('Alipay: the whole, under the number of the order, which its notice does not name', async (t) => {
  const made = await lost(t, 'alipay')
  await made.giveBack(undefined, TOTAL)
  await made.shop.platforms.finishRefund(ORDER_NO)
  t.strictSame(await movesOf(made.shop), ['CREATED', 'PAYING', 'REFUNDED'])
  t.strictSame(made.shop.told(), ['refund.succeeded'])
})

t.test('Alipay: the last of two refunds that make the whole, by its notice', async (t) => {
  const made = await lost(t, 'alipay')
  const { faults } = made.shop.platforms
  faults.next(made.shop.api.refundNotice, 'dropped', 99)
  await made.giveBack('E1', 500)
  await made.shop.platforms.finishRefund('E1')
  faults.clear()
  await made.giveBack('E2', TOTAL - 500)
  const { shop } = made
  await shop.platforms.finishRefund('E2')
  t.match(await shop.order(), { state: 'REFUNDED', refunds: [{ outRefundNo: 'E2', refundFee: TOTAL - 500 }] })
  t.strictSame(shop.told(), ['refund.succeeded'])
})
