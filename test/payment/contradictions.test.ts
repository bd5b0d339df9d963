import t from 'tap'
import { fen } from '../../shared/money.js'
import { applyPayment } from '../../shared/payment/orders/applyPayment.js'
import { applyRefund } from '../../shared/payment/refunds/applyRefund.js'
import * as alipay from './attacks/alipay.js'
import { openStage } from './attacks/stage.js'
import { type Genuine, type Letter, providers } from './attacks/table.js'
import * as v2 from './attacks/weixinV2.js'
import * as v3 from './attacks/weixinV3.js'
import { accepted, refusal } from './attacks/words.js'
import { NEXT_REFUND_MS, openShop } from './shop.js'

/** What is authentic and cannot be true, played against the built functions: recorded, told, and asked for again. */

/** The payment of one order, told for another. */
const toldFor = ({ outTradeNo }: Genuine, genuine: Genuine): Letter => {
  const changes = { out_trade_no: outTradeNo }
  if (genuine.provider === 'weixin-v2') return v2.payment(changes)(genuine)
  return genuine.provider === 'weixin-v3' ? v3.notice(changes)(genuine) : alipay.notice(changes)(genuine)
}

t.test('one transaction, told for a second order', async (t) => {
  const stage = await openStage(t)
  for (const provider of providers) {
    const first = await stage.genuine(provider, 'payment')
    const second = await stage.genuine(provider, 'payment')
    t.match(await stage.post(first.letter), accepted(provider))
    for (let times = 0; times < 2; times++) {
      t.match(await stage.post(toldFor(second, first)), refusal(provider), `${provider}: come again`)
    }
    t.match(await stage.order(second.outTradeNo), { state: 'PAYING', events: [] })
    const told = stage.told(second.outTradeNo)
    t.match(told, [{ type: 'payment.contradiction' }], 'told once')
    t.match(JSON.parse(told[0]?.data ?? ''), {
      ...{ outTradeNo: second.outTradeNo, expected: { totalFee: 1999 } },
      problem: new RegExp(first.outTradeNo),
    })
    t.match(await stage.post(second.letter), accepted(provider), 'what is true still counts')
    t.match(await stage.order(second.outTradeNo), { state: 'PAID' })
  }
})

t.test('Alipay: without ALIPAY_SELLER_ID the first payment teaches who is paid', async (t) => {
  const shop = await openShop(t, 'alipay', { env: { ALIPAY_SELLER_ID: undefined } })
  const { platforms, house } = shop
  await shop.pay()
  t.match(await shop.order(), { state: 'PAID' })
  const reads: string[] = []
  const { find } = house.store.accounts
  Object.assign(house.store.accounts, {
    find: (provider: string, merchantId: string) => {
      reads.push(merchantId)
      return find(provider, merchantId)
    },
  })
  t.match(await find('alipay', platforms.alipay.account.appId), {
    sellerId: platforms.alipay.account.sellerId,
  })
  await shop.place('T20500102')
  const orderInfo = (await shop.offer('T20500102')) as Record<string, string>
  platforms.faults.next(shop.api.notice, 'wrong-merchant', 1)
  await platforms.requestPayment(orderInfo)
  t.match(await house.order('T20500102'), { state: 'PAYING', events: [] })
  t.strictSame(shop.told(), ['payment.paid', 'payment.contradiction'])
  t.match(house.called.at(-1)?.data.data, {
    ...{ outTradeNo: 'T20500102', sellerId: '2088999999999999' },
    expected: { sellerId: platforms.alipay.account.sellerId },
  })
  t.match(house.log.at(-1), { notes: [{ event: 'payment.notice', verdict: 'contradiction' }] })
  await platforms.redeliver('T20500102')
  t.match(await house.order('T20500102'), { state: 'PAID' }, 'to us, the same payment counts')
  t.strictSame(reads, [], 'and nothing is read but once in a process')
})

t.test('Alipay: what another seller tells of a refund pays nothing either', async (t) => {
  const shop = await openShop(t, 'alipay', { env: { ALIPAY_SELLER_ID: undefined } })
  const { platforms, house } = shop
  await shop.pay()
  await shop.place('T20500102')
  const orderInfo = (await shop.offer('T20500102')) as Record<string, string>
  platforms.faults.next(shop.api.notice, 'dropped', 9)
  await platforms.requestPayment(orderInfo)
  const console = await openShop(t, 'alipay', { platforms })
  const given = { outTradeNo: 'T20500102', outRefundNo: 'E1', refundFee: 500 }
  t.match(await console.house.server('refund', given), { errCode: 0 })
  const again = await openShop(t, 'alipay', {
    ...{ platforms, store: house.store, env: { ALIPAY_SELLER_ID: undefined } },
  })
  again.house.env.NOTIFY_BASE_URL = house.env.NOTIFY_BASE_URL
  platforms.faults.next(shop.api.refundNotice, 'wrong-merchant')
  await platforms.finishRefund('E1')
  t.match(await again.house.order('T20500102'), { state: 'PAYING', refunds: [] })
  t.strictSame(again.told(), ['payment.contradiction'])
})

t.test('ALIPAY_SELLER_ID is set: it counts, and nothing is learned', async (t) => {
  const shop = await openShop(t, 'alipay')
  await shop.pay()
  t.equal(await shop.house.store.accounts.find('alipay', shop.platforms.alipay.account.appId), undefined)
})

t.test('Alipay: two orders may have refunds of one number, each its own', async (t) => {
  const shop = await openShop(t, 'alipay')
  for (const outTradeNo of ['T20500101', 'T20500102']) {
    await shop.pay(outTradeNo)
    shop.platforms.faults.next(shop.api.refund, 'unfinished')
    await shop.refund('R1', 500, { outTradeNo })
    await shop.house.clock.advance(61_000)
    await shop.house.server('refundQuery', { outTradeNo, outRefundNo: 'R1' })
    await shop.platforms.tick()
    t.match(await shop.house.order(outTradeNo), { state: 'PARTIALLY_REFUNDED' }, outTradeNo)
  }
})

t.test('closed there and paid here: both are kept, and a person is told once', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  const { house } = shop
  await shop.pay()
  const { appId, merchantId, currency: feeType, ...paid } = await shop.order()
  const provenance = {
    provider: 'weixin-v2',
    merchantId,
    evidence: '',
    at: house.clock.now(),
    note: () => undefined,
  }
  const facts = { appId, outTradeNo: paid.outTradeNo, feeType, tradeState: 'CLOSED' } as const
  for (let times = 0; times < 2; times++) {
    const { verdict } = await applyPayment(house.store, { ...provenance, by: 'query' }, facts)
    t.equal(verdict, 'contradiction')
  }
  t.match(await shop.order(), { state: 'PAID', history: { length: 3 } })
  await house.timer('eventDispatch')
  const told = house.called.filter(({ data }) => data.type === 'payment.contradiction')
  t.match(told, [
    { data: { data: { tradeState: 'CLOSED', expected: { orderState: 'PAID', totalFee: 1999 } } } },
  ])

  await house.clock.advance(NEXT_REFUND_MS)
  await shop.refund('R1', 1999)
  await shop.platforms.finishRefund('R1')
  t.match(await shop.order(), { state: 'REFUNDED' })
  const refund = { outTradeNo: paid.outTradeNo, outRefundNo: 'R1', refundId: '5', refundFee: fen(1999) }
  const failed = { ...refund, state: 'CLOSED', refundStatus: 'REFUNDCLOSE' } as const
  const outcome = await applyRefund(house.store, { ...provenance, by: 'refundNotice' }, failed)
  t.equal(outcome.verdict, 'contradiction', 'done here, failed there')
  t.match(await shop.order(), { state: 'REFUNDED', refunds: [{ state: 'SUCCEEDED' }] })
})
