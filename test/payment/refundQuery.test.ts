import t, { type Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { crashingAfter } from './crashing.js'
import type { Fields } from './house.js'
import { NEXT_REFUND_MS, openShop, type Provider, patiently, providers, type Shop, TOTAL } from './shop.js'

/** What becomes of a refund is asked, or learnt after a crash: by the same code that takes the notices. */

const forEach = (name: string, work: (t: Test, provider: Provider) => Promise<void>) =>
  t.test(name, async (t) => {
    for (const provider of providers) await t.test(provider, (t) => work(t, provider))
  })

const ask = ({ house }: Shop, given: Fields) => house.server('refundQuery', given)

/** The one refund an answer is about, in either of its shapes. */
const told = (answer: Fields): Fields =>
  ((answer.refundList as Fields[] | undefined)?.[0] ?? answer) as Fields

/** The refund comes to its end, and the notice of it gets lost. */
async function finishUnnoticed(shop: Shop, outRefundNo: string, outcome?: 'CLOSED' | 'ABNORMAL') {
  shop.platforms.faults.next(shop.api.refundNotice, 'dropped')
  await shop.platforms.finishRefund(outRefundNo, outcome)
  shop.platforms.faults.clear()
}

forEach('a lost notice is made good by asking: the same move, the same event', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  // Alipay's are done at once, unless they hang.
  if (provider === 'alipay') shop.platforms.faults.next(shop.api.refund, 'unfinished')
  await shop.refund('R1', 500)
  t.match(await shop.entry('R1'), { state: 'PROCESSING' })
  const asked = { outTradeNo: 'T20500101', outRefundNo: 'R1' }
  const open = await ask(shop, asked)
  t.match(open, { errCode: 0, provider, outTradeNo: 'T20500101', totalFee: TOTAL, orderState: 'PAID' })
  t.match(told(open), { outRefundNo: 'R1', refundFee: 500, refundStatus: 'PROCESSING' })
  await finishUnnoticed(shop, 'R1')
  t.match(await shop.entry('R1'), { state: 'PROCESSING' }, 'nobody told')
  const answer = await ask(shop, asked)
  t.match(answer, { errCode: 0, refundFee: 500, orderState: 'PARTIALLY_REFUNDED' })
  t.match(told(answer), { refundStatus: 'SUCCESS', refundSuccessTime: /^2050-01-01 08:0/ })
  t.match(await shop.order(), { state: 'PARTIALLY_REFUNDED', refunds: [{ state: 'SUCCEEDED' }] })
  t.strictSame(shop.told(), ['payment.paid', 'refund.succeeded'])
  await Promise.all(Array.from({ length: 5 }, () => ask(shop, asked)))
  t.strictSame(shop.told(), ['payment.paid', 'refund.succeeded'], 'once')
})

forEach('all refunds of an order, whether the provider lists them or not', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  for (const [number, fee] of [['R1', 500] as const, ['R2', 700] as const]) {
    await shop.refund(number, fee)
    await shop.house.clock.advance(NEXT_REFUND_MS)
  }
  const answer = await ask(shop, { outTradeNo: 'T20500101' })
  t.match(answer, { errCode: 0, refundFee: 1200, totalFee: TOTAL })
  const list = answer.refundList as Fields[]
  t.strictSame(
    list.map(({ outRefundNo, refundFee }) => [outRefundNo, refundFee]),
    [
      ['R1', 500],
      ['R2', 700],
    ],
  )
  t.notOk('totalFee' in (list[0] ?? {}), 'what is the order’s stands there once')
})

t.test('by WeChat’s number of the refund, and by ours alone', async (t) => {
  for (const provider of ['weixin-v2', 'weixin-v3'] as const) {
    const shop = await openShop(t, provider)
    await shop.pay()
    const { refundId } = await shop.refund('R1', 500)
    const { refundStatus } = told(await ask(shop, { outTradeNo: 'T20500101', refundId }))
    t.equal(refundStatus, 'PROCESSING', provider)
    await finishUnnoticed(shop, 'R1')
    t.match(await ask(shop, { outRefundNo: 'R1' }), { errCode: 0, orderState: 'PARTIALLY_REFUNDED' })
    t.match(await shop.entry('R1'), { state: 'SUCCEEDED' }, 'it was ours, and counts')
  }
})

t.test('closed and abnormal are ends too, and an abnormal one can still succeed', async (t) => {
  for (const provider of ['weixin-v2', 'weixin-v3'] as const) {
    for (const [outcome, state, refundStatus, event] of [
      ['CLOSED', 'CLOSED', 'REFUNDCLOSE', 'refund.closed'],
      ['ABNORMAL', 'ABNORMAL', 'CHANGE', 'refund.abnormal'],
    ] as const) {
      const shop = await openShop(t, provider)
      await shop.pay()
      await shop.refund('R1', 1500)
      await finishUnnoticed(shop, 'R1', outcome)
      t.match(told(await ask(shop, { outRefundNo: 'R1' })), { refundStatus }, `${provider} ${outcome}`)
      t.match(await shop.order(), { state: 'PAID', refunds: [{ state }] })
      t.strictSame(shop.told(), ['payment.paid', event])
      const repeated = await shop.refund('R1', 1500)
      t.match(repeated, { errCode: 0, refundStatus }, 'the number is used up')
      const another = await shop.refund('R2', 1500)
      if (outcome === 'CLOSED') t.not(another.errCode, 'REFUND_TOO_MUCH')
      else t.match(another, { errCode: 'REFUND_TOO_MUCH' })
      if (outcome === 'CLOSED') continue
      await shop.platforms.finishRefund('R1')
      t.match(await shop.order(), { state: 'PARTIALLY_REFUNDED', refunds: [{ state: 'SUCCEEDED' }] })
      t.strictSame(shop.told(), ['payment.paid', event, 'refund.succeeded'])
    }
  }
})

forEach('a refund that was asked for elsewhere becomes one of the order', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  const { clock } = shop.house
  const store = await openEmbeddedStore()
  const console = await openShop(t, provider, { platforms: shop.platforms, store })
  const asked = { outTradeNo: 'T20500101', outRefundNo: 'E1', refundFee: 700, totalFee: TOTAL }
  t.match(await console.house.server('refund', asked), { errCode: 0 })
  const again = await openShop(t, provider, { platforms: shop.platforms, store: shop.house.store })
  await finishUnnoticed(again, 'E1')
  const answer = await ask(again, { outTradeNo: 'T20500101', outRefundNo: 'E1' })
  t.match(answer, { errCode: 0, orderState: 'PARTIALLY_REFUNDED' })
  t.match(await again.entry('E1'), { state: 'SUCCEEDED', refundFee: 700, attempts: 0 })
  t.match(again.told(), ['refund.succeeded'])
  await clock.advance(NEXT_REFUND_MS)
  t.match(await again.refund('R1', 1300), { errCode: 'REFUND_TOO_MUCH' }, 'and counts')
})

forEach('one that the provider does not know, and one that never arrived', async (t, provider) => {
  const shop = await openShop(t, provider)
  await shop.pay()
  const asked = { outTradeNo: 'T20500101', outRefundNo: 'R1' }
  t.match(await ask(shop, asked), { errCode: 'REFUND_NOT_FOUND' })
  shop.platforms.faults.next(shop.api.refund, 'html', 3)
  t.match(await patiently(shop, shop.refund('R1', 1500)), { outcome: 'unknown' })
  shop.platforms.faults.clear()
  t.match(await ask(shop, asked), { errCode: 'REFUND_NOT_FOUND' })
  t.match(await shop.entry('R1'), { state: 'UNKNOWN' }, 'it may still be under way')
  await shop.house.clock.advance(10 * 60_000)
  t.match(await ask(shop, asked), { errCode: 'REFUND_NOT_FOUND' })
  t.match(await shop.entry('R1'), { state: 'CLOSED' }, 'not for ever')
  t.strictSame(shop.told(), ['payment.paid', 'refund.closed'])
  t.match(await shop.refund('R2', 1500), { errCode: 0 }, 'the money is free again')
  await shop.house.clock.advance(NEXT_REFUND_MS)
  t.match(await shop.refund('R1', 499), { errCode: 'OUT_REFUND_NO_USED' }, 'the number keeps its amount')
})

forEach('the process dies after any write, and the call is repeated', async (t, provider) => {
  let whole = false
  for (let writes = 0; !whole && writes < 12; writes++) {
    const store = await openEmbeddedStore()
    const shop = await openShop(t, provider, { store })
    await shop.pay()
    const crashing = crashingAfter(store, writes)
    const dying = await openShop(t, provider, { platforms: shop.platforms, store: crashing })
    await dying.refund('R1', 500)
    const wasAsked = shop.asked(shop.api.refund)
    const house = await openShop(t, provider, { platforms: shop.platforms, store })
    const answer = await house.refund('R1', 500)
    t.match(answer, { errCode: 0, outRefundNo: 'R1', refundFee: 500 }, `after ${writes} writes`)
    if (provider !== 'alipay') await shop.platforms.finishRefund('R1')
    t.match(await ask(house, { outTradeNo: 'T20500101', outRefundNo: 'R1' }), { errCode: 0 })
    t.match(await house.order(), { state: 'PARTIALLY_REFUNDED', refunds: [{ state: 'SUCCEEDED' }] })
    t.equal((await house.order()).refunds.length, 1)
    await house.house.clock.advance(60_000)
    await house.house.timer('eventDispatch')
    const events = [...shop.told(), ...dying.told(), ...house.told()].filter(
      (type) => type !== 'payment.paid',
    )
    t.strictSame([...new Set(events)], ['refund.succeeded'])
    t.ok(writes > 0 || wasAsked === 0, 'nothing is asked that could not be written down')
    const state = shop.platforms.state() as Record<string, { refunds?: Fields[] }>
    t.equal(Object.values(state).flatMap(({ refunds }) => refunds ?? []).length, 1, 'one refund there')
    whole = crashing.written < writes
  }
  t.ok(whole, 'every write was walked')
})
