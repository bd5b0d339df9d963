import t from 'tap'
import { openShopAlipay, type ShopAlipay } from './merchant.js'

async function paid(shop: ShopAlipay, outTradeNo: string): Promise<void> {
  await shop.order(outTradeNo)
  await shop.platforms.pay(outTradeNo)
}

const asked = async (shop: ShopAlipay, outRequestNo: string, options: string[] = []) =>
  (
    await shop.call('alipay.trade.fastpay.refund.query', {
      out_trade_no: 'A1',
      out_request_no: outRequestNo,
      query_options: options,
    })
  ).fields

t.test('a part, and then the rest: amounts add up in the answers', async (t) => {
  const shop = await openShopAlipay(t)
  await paid(shop, 'A1')
  const first = await shop.refund('A1', 'R1', '9.99', { refund_reason: '茶' })
  t.match(first, { isSigned: true })
  t.match(first.fields, {
    code: '10000',
    fund_change: 'Y',
    refund_fee: '9.99',
    out_trade_no: 'A1',
    buyer_open_id: shop.platforms.alipay.openid('alice'),
    gmt_refund_pay: '2050-01-01 08:00:00',
  })
  t.match((await shop.call('alipay.trade.query', { out_trade_no: 'A1' })).fields, {
    trade_status: 'TRADE_SUCCESS',
  })
  t.match((await shop.refund('A1', 'R2', '10.00')).fields, { fund_change: 'Y', refund_fee: '19.99' })
  t.match((await shop.call('alipay.trade.query', { out_trade_no: 'A1' })).fields, {
    trade_status: 'TRADE_CLOSED',
  })
  t.match(await asked(shop, 'R1', ['gmt_refund_pay']), {
    refund_status: 'REFUND_SUCCESS',
    refund_amount: '9.99',
    total_amount: '19.99',
    refund_reason: '茶',
    gmt_refund_pay: '2050-01-01 08:00:00',
  })
  t.match((await shop.refund('A1', 'R3', '0.01')).fields, { sub_code: 'ACQ.TRADE_HAS_CLOSE' })
})

t.test('the same number again moves nothing and says so; another amount is refused', async (t) => {
  const shop = await openShopAlipay(t)
  await paid(shop, 'A1')
  await shop.refund('A1', 'R1', '9.99')
  const again = (await shop.refund('A1', 'R1', '9.99')).fields
  t.match(again, { code: '10000', fund_change: 'N', refund_fee: '9.99' })
  t.notOk('gmt_refund_pay' in again)
  t.match((await shop.refund('A1', 'R1', '9.98')).fields, { sub_code: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
  await paid(shop, 'A2')
  t.match((await shop.refund('A2', 'R1', '1.00')).fields, { fund_change: 'Y' }, 'numbers are of one order')
  t.match(await asked(shop, 'R1'), { refund_amount: '9.99' })
})

t.test('a refund has to be what Alipay takes', async (t) => {
  const shop = await openShopAlipay(t)
  await shop.order('A1')
  t.match((await shop.refund('A1', 'R1', '1.00')).fields, { sub_code: 'ACQ.TRADE_STATUS_ERROR' })
  await shop.platforms.pay('A1')
  const wrong = 'ACQ.INVALID_PARAMETER'
  for (const amount of ['0', '0.00', '-1.00', '1.001', '1e1', '']) {
    t.match((await shop.refund('A1', 'R1', amount)).fields, { sub_code: wrong }, amount)
  }
  t.match((await shop.refund('A1', 'R 1', '1.00')).fields, { sub_code: wrong })
  const nameless = { out_request_no: undefined }
  t.match(
    (await shop.refund('A1', '', '1.00', nameless)).fields,
    { sub_code: wrong },
    'a part needs a number',
  )
  t.match((await shop.refund('A1', 'R1', '20.00')).fields, { sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
  t.match((await shop.refund('A2', 'R1', '1.00')).fields, { sub_code: 'ACQ.TRADE_NOT_EXIST' })
  shop.platforms.faults.next('alipay.trade.refund', 'no-funds')
  t.match((await shop.refund('A1', 'R1', '1.00')).fields, { sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
  t.match((await shop.refund('A1', '', '19.99', nameless)).fields, { fund_change: 'Y' })
  t.match(await asked(shop, 'A1'), { refund_status: 'REFUND_SUCCESS' }, 'its number is the order')
})

t.test('code 10000 of the query says nothing by itself', async (t) => {
  const shop = await openShopAlipay(t)
  await paid(shop, 'A1')
  t.strictSame(await asked(shop, 'R1'), { code: '10000', msg: 'Success' })
  t.match((await shop.call('alipay.trade.fastpay.refund.query', { out_trade_no: 'A1' })).fields, {
    sub_code: 'ACQ.INVALID_PARAMETER',
  })
})

t.test('a refund can take its time, and can come to nothing', async (t) => {
  const shop = await openShopAlipay(t)
  const { platforms, clock } = shop
  await paid(shop, 'A1')
  platforms.faults.next('alipay.trade.refund', 'unfinished')
  t.match((await shop.refund('A1', 'R1', '19.99')).fields, { fund_change: 'N', refund_fee: '0.00' })
  const open = await asked(shop, 'R1')
  t.match(open, { refund_amount: '19.99' })
  t.notOk('refund_status' in open)
  t.match((await shop.refund('A1', 'R2', '0.01')).fields, { sub_code: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
  t.match(await platforms.finishRefund('R1', 'CLOSED'), { refund: { state: 'CLOSED', refundFee: 1999 } })
  t.strictSame(await asked(shop, 'R1'), { code: '10000', msg: 'Success' })
  platforms.faults.next('alipay.trade.refund', 'unfinished')
  t.match((await shop.refund('A1', 'R2', '19.99')).fields, { fund_change: 'N' })
  await clock.advance(2000)
  await platforms.tick()
  t.match(await asked(shop, 'R2'), { refund_status: 'REFUND_SUCCESS' })
  t.match(shop.lastNotice().fields, { out_biz_no: 'R2', refund_fee: '19.99', trade_status: 'TRADE_CLOSED' })
  await t.rejects(platforms.finishRefund('R2', 'CLOSED'), /is SUCCESS and cannot become CLOSED/)
  await t.rejects(platforms.finishRefund('R9'), /no refund R9/)
})

t.test('details for those who ask', async (t) => {
  const shop = await openShopAlipay(t)
  await paid(shop, 'A1')
  const plain = (await shop.refund('A1', 'R1', '1.00')).fields
  t.notOk('send_back_fee' in plain)
  const options = { query_options: ['refund_detail_item_list'] }
  t.match((await shop.refund('A1', 'R2', '2.00', options)).fields, {
    send_back_fee: '2.00',
    refund_detail_item_list: [{ fund_channel: 'ALIPAYACCOUNT', amount: '2.00' }],
  })
})

t.test('names outside of the official model are refused, and nothing is given back', async (t) => {
  const shop = await openShopAlipay(t)
  await paid(shop, 'A1')
  const unknown = (await shop.refund('A1', 'R1', '9.99', { refund_detail: [] })).fields
  t.match(unknown, { code: '40004', sub_code: 'ACQ.INVALID_PARAMETER', sub_msg: /refund_detail/ })
  t.notOk('refund_amount' in (await asked(shop, 'R1')))
  const known = { operator_id: 'op_1', store_id: 'NJ_001', refund_royalty_parameters: [] }
  t.match((await shop.refund('A1', 'R1', '9.99', known)).fields, { code: '10000', fund_change: 'Y' })
})
