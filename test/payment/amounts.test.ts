import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { fen, MAX_FEN } from '../../shared/money.js'
import type { OrderRequest } from '../../shared/payment/provider.js'
import { frozen } from '../support/frozen.js'
import { APP_ID } from './house.js'
import { openShop, providers } from './shop.js'
import { NUMBERS, type Words, wires, yuan } from './wires.js'

/** Any amount, from 1 fen to 10^12, is on every wire what it is here, and back; and what the caller gave stays his. */

/** Below, on and above every power of ten, and amounts whose yuan no float can hold. */
const EDGES = [
  ...new Set([
    ...[1, 9, 29, 57, 58, 101, 113, 1001, 1999, 4035],
    ...Array.from({ length: 13 }, (_, zeros) => 10 ** zeros).flatMap((ten) => [ten - 1, ten, ten + 1]),
  ]),
].filter((amount) => amount >= 1 && amount <= MAX_FEN)

/** What the payment systems take at most for one order, in fen; the first two are bounded by the field alone. */
const MOST = { 'weixin-v2': 9_999_999_999, 'weixin-v3': MAX_FEN, alipay: 10_000_000_000 } as const

/** As many amounts of few digits as of many. */
const amount = fc.integer({ min: 1, max: 12 }).chain((zeros) => fc.integer({ min: 1, max: 10 ** zeros }))

/** An order, and what of it is paid or given back. */
const amounts = fc
  .tuple(amount, amount)
  .map(([one, other]) => [Math.max(one, other), Math.min(one, other)] as const)

const forAll = (holds: (total: number, part: number) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(amounts, ([total, part]) => holds(total, part)),
    { numRuns: 150, examples: EDGES.map((edge): [readonly [number, number]] => [[edge, edge]]) },
  )

const order = (totalFee: number): OrderRequest =>
  frozen({
    ...{ scene: 'mini', appId: APP_ID, outTradeNo: NUMBERS.outTradeNo, totalFee: fen(totalFee) },
    ...{ currency: 'CNY', body: 'tea', openid: '2088102534368455', payerIp: '203.0.113.7' },
    notifyUrl: 'https://shop.example.com/notice',
  })

for (const id of providers) {
  const wire = wires[id]()
  const { provider, written } = wire
  const words = (total: number, part: number): Words => ({
    ...{ total: written(total), cash: written(part), refund: written(part) },
  })
  const match = (pattern: RegExp) => pattern.exec(wire.asked())?.[1]

  t.test(`${id}: an order asks for exactly its amount`, () =>
    forAll(async (total, part) => {
      wire.say(words(total, part))
      const given = order(total)
      await provider.getOrderInfo(given)
      assert.equal(match(wire.total), written(total))
      assert.deepEqual(given, order(total))
    }),
  )

  t.test(`${id}: a refund gives back exactly its amount`, () =>
    forAll(async (total, part) => {
      wire.say(words(total, part))
      const { outTradeNo, outRefundNo } = NUMBERS
      const given = { outTradeNo, outRefundNo, totalFee: fen(total), refundFee: fen(part), currency: 'CNY' }
      const facts = await provider.refund?.(frozen({ ...given }))
      assert.equal(match(wire.refund), written(part))
      // Alipay is not told the total.
      assert.equal(match(wire.total), id === 'alipay' ? undefined : written(total))
      assert.equal(facts?.refundFee, part)
    }),
  )

  t.test(`${id}: queries and notices say exactly what was paid and given back`, () =>
    forAll(async (total, part) => {
      wire.say(words(total, part))
      const { outTradeNo, outRefundNo } = NUMBERS
      const paid = await provider.orderQuery(frozen({ outTradeNo }))
      const back = await provider.refundQuery?.(frozen({ outTradeNo, outRefundNo }))
      const reading = await provider.readNotice(frozen(wire.notice(words(total, part))))
      const told = reading.authentic ? reading.notice.payment : undefined
      for (const facts of [paid?.facts, told])
        assert.deepEqual([facts?.totalFee, facts?.cashFee], [total, part])
      assert.deepEqual([back?.totalFee, back?.refunds.map(({ refundFee }) => refundFee)], [total, [part]])
    }),
  )

  t.test(`${id}: from the order to the bill, through the local platforms`, async (t) => {
    const shop = await openShop(t, provider.id)
    const sold = EDGES.filter(
      (edge) => edge <= MOST[id] && (edge < 10_000 || edge === MOST[id] || !/^10*$|1$/.test(String(edge))),
    )
    for (const total of sold) {
      const outTradeNo = `edge_${total}`
      await shop.pay(outTradeNo, total)
      t.match(await shop.house.order(outTradeNo), { state: 'PAID', totalFee: total, cashFee: total })
      t.match(await shop.house.server('orderQuery', { outTradeNo }), { totalFee: total, cashFee: total })
      const refund = { outTradeNo, outRefundNo: `back_${total}`, refundFee: total }
      t.match(await shop.house.server('refund', refund), { errCode: 0, refundFee: total })
    }
    await shop.house.clock.advance(36 * 3600 * 1000)
    const bill = await shop.house.server('downloadBill', { billDate: '20500101' })
    const rows = String(bill.content)
      .split('\n')
      .map((line) => line.split(',').map((cell) => cell.replace(/[`\s]/g, '')))
    const isBilled = (total: number) =>
      rows.some((cells) => cells.includes(`edge_${total}`) && cells.includes(yuan(total)))
    t.strictSame(
      sold.filter((total) => !isBilled(total)),
      [],
    )
  })
}
