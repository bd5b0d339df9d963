import t from 'tap'
import type { PayOptions } from '../../../../tools/emulator/platforms/payment.js'
import { isSigned } from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { openShop, type Shop } from './merchant.js'

const GAP_MS = 60_000

/** A shop with a paid order of 1999 fen. */
async function paidShop(
  t: Parameters<typeof openShop>[0],
  outTradeNo: string,
  options?: PayOptions,
): Promise<Shop> {
  const shop = await openShop(t)
  await shop.order(outTradeNo)
  await shop.platforms.pay(outTradeNo, options)
  return shop
}

const refunds = (shop: Shop, fields: Record<string, string>) => shop.call('/pay/refundquery', fields)

t.test('a refund is accepted, signed, and succeeds a little later', async (t) => {
  const shop = await paidShop(t, 'refund-0001')
  const accepted = await shop.refund('refund-0001', 'R1', 500)
  t.ok(isSigned(accepted, 'MD5', shop.platforms.merchant.key))
  t.match(accepted, {
    result_code: 'SUCCESS',
    out_refund_no: 'R1',
    refund_id: /^\d{28}$/,
    total_fee: '1999',
    refund_fee: '500',
    cash_fee: '1999',
    cash_refund_fee: '500',
  })
  const asked = () => refunds(shop, { out_refund_no: 'R1' })
  t.match(await asked(), { refund_count: '1', refund_status_0: 'PROCESSING', refund_fee_0: '500' })
  t.notOk('refund_success_time_0' in (await asked()))
  t.match(await shop.query('refund-0001'), { trade_state: 'REFUND', total_fee: '1999' })
  await shop.clock.advance(2000)
  await shop.platforms.tick()
  t.match(await asked(), { refund_status_0: 'SUCCESS', refund_success_time_0: '2050-01-01 08:00:02' })
})

t.test('the same number and amounts are the same refund, anything else is refused', async (t) => {
  const shop = await paidShop(t, 'refund-0002')
  const first = await shop.refund('refund-0002', 'R1', 500)
  t.match(await shop.refund('refund-0002', 'R1', 500), { refund_id: first.refund_id })
  t.match(await shop.refund('refund-0002', 'R1', 501), { err_code: 'REFUND_FEE_MISMATCH' })
  await shop.order('refund-0003')
  await shop.platforms.pay('refund-0003')
  t.match(await shop.refund('refund-0003', 'R1', 500), { err_code: 'REFUND_FEE_MISMATCH' })
  t.match(await refunds(shop, { out_trade_no: 'refund-0002' }), { refund_count: '1' })
})

t.test('parts never exceed what was paid, and keep their distance', async (t) => {
  const shop = await paidShop(t, 'refund-0004')
  await shop.refund('refund-0004', 'R1', 1000)
  t.match(await shop.refund('refund-0004', 'R2', 999), { err_code: 'FREQUENCY_LIMITED' })
  await shop.clock.advance(GAP_MS)
  t.match(await shop.refund('refund-0004', 'R2', 1000), { err_code: 'ERROR', err_code_des: /大于/ })
  t.match(await shop.refund('refund-0004', 'R2', 999), { result_code: 'SUCCESS' })
  await shop.clock.advance(GAP_MS)
  t.match(await shop.refund('refund-0004', 'R3', 1), { err_code: 'ERROR', err_code_des: /全额/ })
  t.match(await refunds(shop, { out_trade_no: 'refund-0004' }), {
    refund_count: '2',
    out_refund_no_0: 'R1',
    out_refund_no_1: 'R2',
    refund_fee_1: '999',
  })
})

t.test('what was closed can be asked for again under a new number', async (t) => {
  const shop = await paidShop(t, 'refund-0005')
  await shop.refund('refund-0005', 'R1', 1999)
  await shop.platforms.finishRefund('R1', 'CLOSED')
  await shop.clock.advance(GAP_MS)
  t.match(await shop.refund('refund-0005', 'R2', 1999), { result_code: 'SUCCESS' })
  t.match(await refunds(shop, { out_trade_no: 'refund-0005' }), {
    refund_status_0: 'REFUNDCLOSE',
    refund_status_1: 'PROCESSING',
  })
})

t.test('a refund that needs a person stays so until one decides', async (t) => {
  const shop = await paidShop(t, 'refund-0006')
  await shop.refund('refund-0006', 'R1', 1)
  t.match(await shop.platforms.finishRefund('R1', 'ABNORMAL'), {
    refund: { state: 'ABNORMAL', refundFee: 1 },
  })
  await shop.clock.advance(3_600_000)
  await shop.platforms.tick()
  t.match(await refunds(shop, { out_refund_no: 'R1' }), { refund_status_0: 'CHANGE' })
  await shop.platforms.finishRefund('R1')
  t.match(await refunds(shop, { out_refund_no: 'R1' }), { refund_status_0: 'SUCCESS' })
  await t.rejects(shop.platforms.finishRefund('R1', 'CLOSED'), /is SUCCESS/)
  await t.rejects(shop.platforms.finishRefund('R2'), /no refund R2/)
})

t.test('bad refunds are refused, each with its code', async (t) => {
  const shop = await paidShop(t, 'refund-0007')
  await shop.order('refund-0008')
  for (const [number, changes, code] of [
    ['refund-0008', {}, 'TRADE_STATE_ERROR'],
    ['refund-none', {}, 'ORDERNOTEXIST'],
    ['refund-0007', { transaction_id: '4200000000' }, 'INVALID_TRANSACTIONID'],
    ['refund-0007', { total_fee: '2000' }, 'INVALID_REQUEST'],
    ['refund-0007', { refund_fee: '0' }, 'PARAM_ERROR'],
    ['refund-0007', { refund_fee: '1.5' }, 'PARAM_ERROR'],
    ['refund-0007', { out_refund_no: undefined }, 'LACK_PARAMS'],
    ['refund-0007', { out_refund_no: 'R'.repeat(65) }, 'PARAM_ERROR'],
    ['refund-0007', { notify_url: 'https://example.com/?a=1' }, 'PARAM_ERROR'],
    ['refund-0007', { out_trade_no: undefined }, 'LACK_PARAMS'],
  ] as const) {
    const refused = await shop.refund(number, 'R1', 10, changes)
    t.match(refused, { result_code: 'FAIL', err_code: code }, `${number} ${JSON.stringify(changes)}`)
  }
  await shop.clock.advance(366 * 24 * 3_600_000)
  t.match(await shop.refund('refund-0007', 'R1', 10), { err_code: 'TRADE_OVERDUE' })
  t.match(await refunds(shop, { out_refund_no: 'R1' }), { err_code: 'REFUNDNOTEXIST' })
})

t.test('fifty parts and no more, ten on a page', async (t) => {
  const shop = await paidShop(t, 'refund-0009')
  for (let part = 1; part <= 50; part++) {
    t.match(await shop.refund('refund-0009', `R${part}`, 1), { result_code: 'SUCCESS' })
    await shop.clock.advance(GAP_MS)
  }
  t.match(await shop.refund('refund-0009', 'R51', 1), { err_code: 'ERROR', err_code_des: /50/ })
  const first = await refunds(shop, { out_trade_no: 'refund-0009' })
  t.match(first, { refund_count: '10', out_refund_no_9: 'R10' })
  t.notOk('out_refund_no_10' in first || 'total_refund_count' in first)
  const last = await refunds(shop, { out_trade_no: 'refund-0009', offset: '45' })
  t.match(last, { total_refund_count: '50', refund_count: '5', out_refund_no_4: 'R50' })
})

t.test('coupons get their share back, to the fen, under two numbers', async (t) => {
  const coupons = Array.from({ length: 12 }, (_, at) => at + 1)
  const shop = await paidShop(t, 'refund-0010', { coupons })
  t.match(await shop.query('refund-0010'), {
    cash_fee: String(1999 - 78),
    coupon_fee: '78',
    coupon_count: '12',
    coupon_fee_11: '12',
  })
  const ids: unknown[] = []
  for (const [at, fee] of [1000, 7, 992].entries()) {
    const said = await shop.refund('refund-0010', `R${at}`, fee)
    t.equal(Number(said.cash_refund_fee) + Number(said.coupon_refund_fee), fee)
    ids.push(said.coupon_refund_id_0)
    await shop.clock.advance(GAP_MS)
  }
  const asked = await refunds(shop, { out_trade_no: 'refund-0010' })
  const back = [0, 1, 2].map((n) => Number(asked[`coupon_refund_fee_${n}`]))
  t.equal(
    back.reduce((sum, fee) => sum + fee, 0),
    78,
  )
  for (const n of [0, 1, 2]) {
    const count = Number(asked[`coupon_refund_count_${n}`])
    const parts = Array.from({ length: count }, (_, m) => Number(asked[`coupon_refund_fee_${n}_${m}`]))
    t.equal(
      parts.reduce((sum, fee) => sum + fee, 0),
      back[n],
    )
    if (count > 0) t.equal(asked[`coupon_refund_id_${n}_0`], ids[n])
  }
})

t.test('one order, asked about by each of its numbers', async (t) => {
  const shop = await paidShop(t, 'refund-0011')
  const { transaction_id: transactionId = '' } = await shop.query('refund-0011')
  const { refund_id: refundId = '' } = await shop.refund('refund-0011', 'R1', 5, {
    out_trade_no: undefined,
    transaction_id: transactionId,
  })
  const questions: Record<string, string>[] = [
    { refund_id: refundId },
    { out_refund_no: 'R1' },
    { transaction_id: transactionId },
    { out_trade_no: 'refund-0011' },
  ]
  for (const fields of questions) t.match(await refunds(shop, fields), { refund_id_0: refundId })
  t.match(await refunds(shop, {}), { err_code: 'LACK_PARAMS' })
})

t.test('busy answers tell nothing about whether it acted', async (t) => {
  const shop = await paidShop(t, 'refund-0012')
  const count = async () => (await refunds(shop, { out_trade_no: 'refund-0012' })).refund_count
  shop.platforms.faults.next('/secapi/pay/refund', 'busy')
  t.match(await shop.refund('refund-0012', 'R1', 5), { err_code: 'SYSTEMERROR' })
  t.equal(await count(), undefined)
  shop.platforms.faults.next('/secapi/pay/refund', 'busy-acted')
  t.match(await shop.refund('refund-0012', 'R1', 5), { err_code: 'SYSTEMERROR' })
  t.equal(await count(), '1')
  t.match(await shop.refund('refund-0012', 'R1', 5), { result_code: 'SUCCESS' })
  t.equal(await count(), '1')
  shop.platforms.faults.next('/secapi/pay/refund', 'no-funds')
  t.match(await shop.refund('refund-0012', 'R2', 5), { err_code: 'NOTENOUGH' })
  shop.platforms.faults.next('/secapi/pay/refund', 'contended')
  t.match(await shop.refund('refund-0012', 'R2', 5), { err_code: 'BIZERR_NEED_RETRY' })
  shop.platforms.faults.next('/pay/refundquery', 'denied')
  const denied = await refunds(shop, { out_trade_no: 'refund-0012' })
  t.match(denied, { result_code: 'FAIL', err_code: 'ORDERNOTEXIST' })
  t.notOk('sign' in denied)
  t.equal(await count(), '1')
})

t.test('an order with a refund is neither paid, nor closed, nor made again', async (t) => {
  const shop = await paidShop(t, 'refund-0013')
  await shop.refund('refund-0013', 'R1', 5)
  t.match(await shop.order('refund-0013'), { err_code: 'ORDERPAID' })
  t.match(await shop.call('/pay/closeorder', { out_trade_no: 'refund-0013' }), { err_code: 'ORDERPAID' })
  await t.rejects(shop.platforms.pay('refund-0013'), /REFUND/)
})
