import t from 'tap'
import type { PayOptions } from '../../../../tools/emulator/platforms/payment.js'
import { type Json, openShopV3, type ShopV3 } from './merchant.js'

const GAP_MS = 60_000

async function paidShop(
  t: Parameters<typeof openShopV3>[0],
  number: string,
  options?: PayOptions,
): Promise<ShopV3> {
  const shop = await openShopV3(t)
  await shop.order(number)
  await shop.platforms.pay(number, options)
  return shop
}

const asked = (shop: ShopV3, number: string) =>
  shop.call('GET', `/v3/refund/domestic/refunds/${encodeURIComponent(number)}`)

t.test('a refund is accepted and succeeds a little later', async (t) => {
  const shop = await paidShop(t, 'refund-0001')
  const accepted = await shop.refund('refund-0001', 'R@1', 500, { reason: 'cold' })
  t.match(accepted, {
    status: 200,
    signedBy: /^PUB_KEY_ID_/,
    json: {
      refund_id: /^\d{28}$/,
      out_refund_no: 'R@1',
      out_trade_no: 'refund-0001',
      status: 'PROCESSING',
      channel: 'ORIGINAL',
      create_time: '2050-01-01T08:00:00+08:00',
      amount: { total: 1999, refund: 500, payer_total: 1999, payer_refund: 500, currency: 'CNY' },
    },
  })
  t.notOk('success_time' in accepted.json)
  t.match((await shop.query('refund-0001')).json, { trade_state: 'REFUND', amount: { total: 1999 } })
  await shop.clock.advance(2000)
  await shop.platforms.tick()
  t.match((await asked(shop, 'R@1')).json, { status: 'SUCCESS', success_time: '2050-01-01T08:00:02+08:00' })
  t.match(await asked(shop, 'R2'), { status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } })
})

t.test('the same number and amounts are the same refund, parts never exceed the order', async (t) => {
  const shop = await paidShop(t, 'refund-0002')
  const first = await shop.refund('refund-0002', 'R1', 1000)
  t.equal((await shop.refund('refund-0002', 'R1', 1000)).json.refund_id, first.json.refund_id)
  const refused = { status: 400, json: { code: 'INVALID_REQUEST' } }
  t.match(await shop.refund('refund-0002', 'R1', 999), refused)
  t.match(await shop.refund('refund-0002', 'R2', 999), { status: 429, json: { code: 'FREQUENCY_LIMITED' } })
  await shop.clock.advance(GAP_MS)
  t.match(await shop.refund('refund-0002', 'R2', 1000), { ...refused, json: { message: /大于/ } })
  t.match(await shop.refund('refund-0002', 'R2', 999), { status: 200 })
  await shop.clock.advance(GAP_MS)
  t.match(await shop.refund('refund-0002', 'R3', 1), { ...refused, json: { message: /全额/ } })
  t.match(shop.platforms.state(), {
    'weixin-pay-v3': { refunds: [{ outRefundNo: 'R1', state: 'SUCCESS' }, { refundFee: 999 }] },
  })
})

t.test('what a refund has to say', async (t) => {
  const shop = await paidShop(t, 'refund-0003')
  await shop.order('refund-0004')
  const amount = { refund: 1, total: 1999, currency: 'CNY' }
  const cases: [string, Json, number, string][] = [
    ['refund-0003', { amount: { ...amount, refund: '1' } }, 400, 'PARAM_ERROR'],
    ['refund-0003', { amount: { ...amount, total: 1998 } }, 400, 'INVALID_REQUEST'],
    ['refund-0003', { amount: { refund: 1, total: 1999 } }, 400, 'PARAM_ERROR'],
    ['refund-0003', { out_refund_no: 'R|'.repeat(33) }, 400, 'PARAM_ERROR'],
    ['refund-0003', { out_trade_no: undefined }, 400, 'PARAM_ERROR'],
    ['refund-0003', { transaction_id: '4' }, 404, 'RESOURCE_NOT_EXISTS'],
    ['refund-0003', { reason: 'x'.repeat(81) }, 400, 'PARAM_ERROR'],
    ['refund-0004', {}, 400, 'INVALID_REQUEST'],
    ['refund-none', {}, 404, 'RESOURCE_NOT_EXISTS'],
  ]
  for (const [number, changes, status, code] of cases) {
    t.match(await shop.refund(number, 'R1', 1, changes), { status, json: { code } }, JSON.stringify(changes))
  }
  const { transaction_id: id } = (await shop.query('refund-0003')).json
  t.match(await shop.refund('', 'R1', 1, { out_trade_no: undefined, transaction_id: id }), { status: 200 })
})

t.test('coupons get their share back, to the fen', async (t) => {
  const shop = await paidShop(t, 'refund-0005', { coupons: [100, 99] })
  const shares: unknown[] = []
  for (const [at, fee] of [1000, 998, 1].entries()) {
    const { json } = await shop.refund('refund-0005', `R${at}`, fee)
    shares.push(json.promotion_detail)
    const { payer_refund: own, discount_refund: back } = json.amount as Record<string, number>
    t.equal(Number(own) + Number(back), fee)
    await shop.clock.advance(GAP_MS)
  }
  const amounts = shares.flat().map((share) => (share as { refund_amount: number }).refund_amount)
  t.equal(
    amounts.reduce((sum, fee) => sum + fee, 0),
    199,
  )
})

t.test('a refund ends as one says, and the merchant is told, signed and encrypted', async (t) => {
  const shop = await paidShop(t, 'refund-0006')
  await shop.refund('refund-0006', 'R1', 500)
  for (const [outcome, event] of [
    ['ABNORMAL', 'REFUND.ABNORMAL'],
    ['SUCCESS', 'REFUND.SUCCESS'],
  ] as const) {
    const { delivery } = await shop.platforms.finishRefund('R1', outcome)
    t.match(delivery, { api: 'weixin-pay-v3.refundNotice', refundNo: 'R1', state: 'delivered' })
    const { envelope, resource, signedBy } = shop.lastNotice()
    t.match(signedBy, /^PUB_KEY_ID_/)
    t.match(envelope, { event_type: event, resource: { original_type: 'refund', associated_data: 'refund' } })
    t.match(resource, {
      mchid: shop.platforms.merchant.mchId,
      out_refund_no: 'R1',
      refund_status: outcome,
      amount: { total: 1999, refund: 500, payer_total: 1999, payer_refund: 500 },
    })
    t.notOk('status' in resource)
  }
  await shop.clock.advance(GAP_MS)
  await shop.refund('refund-0006', 'R2', 1)
  await shop.platforms.finishRefund('R2', 'CLOSED')
  t.match(shop.lastNotice().envelope, { event_type: 'REFUND.CLOSED' })
})

t.test('no money, too many at once, and busy after all', async (t) => {
  const shop = await paidShop(t, 'refund-0007')
  const api = 'weixin-pay-v3.refund'
  for (const [fault, status, code] of [
    ['no-funds', 403, 'NOT_ENOUGH'],
    ['contended', 429, 'FREQUENCY_LIMITED'],
    ['busy', 500, 'SYSTEM_ERROR'],
  ] as const) {
    shop.platforms.faults.next(api, fault)
    t.match(await shop.refund('refund-0007', 'R1', 1), { status, json: { code }, signedBy: /./ })
    t.equal((await asked(shop, 'R1')).status, 404)
  }
  shop.platforms.faults.next(api, 'busy-acted')
  t.equal((await shop.refund('refund-0007', 'R1', 1)).status, 500)
  t.equal((await asked(shop, 'R1')).status, 200)
})
