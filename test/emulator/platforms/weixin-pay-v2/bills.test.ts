import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { readXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { isBill, readBill } from './bill.js'
import { openShop, type Shop } from './merchant.js'

const DAY_MS = 24 * 3_600_000

/** Two payments, one of them refunded in part, on the first of January. */
async function tradingShop(t: Parameters<typeof openShop>[0]): Promise<Shop> {
  const shop = await openShop(t)
  await shop.order('billed-001', { body: 'tea, green, "best", `first`', attach: 'a,b' })
  await shop.order('billed-002', { total_fee: '1' })
  await shop.platforms.pay('billed-001', { couponFee: 99 })
  await shop.clock.advance(60_000)
  await shop.platforms.pay('billed-002')
  await shop.clock.advance(1000)
  await shop.refund('billed-001', 'R1', 500)
  await shop.clock.advance(2000)
  await shop.platforms.tick()
  await shop.clock.advance(DAY_MS)
  return shop
}

const trade = (shop: Shop, fields: Record<string, string> = {}) =>
  shop.post('/pay/downloadbill', { bill_date: '20500101', bill_type: 'ALL', ...fields })

const flow = (shop: Shop, fields: Record<string, string> = {}) =>
  shop.post(
    '/pay/downloadfundflow',
    { bill_date: '20500101', account_type: 'Basic', ...fields },
    'HMAC-SHA256',
  )

t.test('the trade bill tells every payment and refund of the day, in yuan', async (t) => {
  const shop = await tradingShop(t)
  const { status, body } = await trade(shop)
  t.equal(status, 200)
  const text = body.toString()
  t.ok(text.startsWith('\ufeff交易时间,'), 'a BOM leads')
  t.equal(text.split('\r\n').length, 7, 'lines end with CRLF, the last as well')
  const { rows, totals } = readBill(text)
  t.match(rows, [
    {
      交易时间: '2050-01-01 08:00:00',
      商户订单号: 'billed-001',
      交易状态: 'SUCCESS',
      应结订单金额: '19.99',
      代金券金额: '0.99',
      商品名称: 'tea, green, "best", `first`',
      商户数据包: 'a,b',
      手续费: '0.12000',
      费率: '0.60%',
      订单金额: '19.99',
      申请退款金额: '0.00',
    },
    { 商户订单号: 'billed-002', 订单金额: '0.01', 手续费: '0.00000' },
    {
      交易时间: '2050-01-01 08:01:01',
      商户订单号: 'billed-001',
      交易状态: 'REFUND',
      商户退款单号: 'R1',
      退款金额: '5.00',
      退款状态: 'SUCCESS',
      手续费: '-0.03000',
      订单金额: '0.00',
      申请退款金额: '5.00',
    },
  ])
  t.match(totals, {
    总交易单数: '3',
    应结订单总金额: '20.00',
    退款总金额: '5.00',
    手续费总金额: '0.09000',
    订单总金额: '20.00',
    申请退款总金额: '5.00',
  })
})

t.test('a bill holds what its type says', async (t) => {
  const shop = await tradingShop(t)
  const paid = readBill((await trade(shop, { bill_type: 'SUCCESS' })).body.toString())
  t.equal(paid.rows.length, 2)
  t.notOk('商户退款单号' in (paid.rows[0] ?? {}))
  const back = readBill((await trade(shop, { bill_type: 'REFUND' })).body.toString())
  t.match(back.rows, [
    { 退款申请时间: '2050-01-01 08:01:01', 退款成功时间: '2050-01-01 08:01:03', 商户退款单号: 'R1' },
  ])
})

t.test('the fund-flow bill adds up', async (t) => {
  const shop = await tradingShop(t)
  const { rows, totals } = readBill((await flow(shop)).body.toString())
  t.match(
    rows.map((row) => [row.业务类型, row.收支类型, row['收支金额（元）'], row['账户结余（元）']]),
    [
      ['交易', '收入', '19.99', '1000019.99'],
      ['扣除交易手续费', '支出', '0.12', '1000019.87'],
      ['交易', '收入', '0.01', '1000019.88'],
      ['退款', '支出', '4.97', '1000014.91'],
    ],
  )
  t.match(totals, { 资金流水总笔数: '4', 收入笔数: '2', 收入金额: '20.00', 支出笔数: '2', 支出金额: '5.09' })
})

t.test('packed with gzip on demand, and nothing says so', async (t) => {
  const shop = await tradingShop(t)
  for (const ask of [trade, flow]) {
    const [plain, packed] = [await ask(shop), await ask(shop, { tar_type: 'GZIP' })]
    t.notOk(packed.headers['content-encoding'])
    t.strictSame([...packed.body.subarray(0, 2)], [0x1f, 0x8b])
    t.ok(gunzipSync(packed.body).equals(plain.body))
  }
})

t.test('there is no bill where nothing happened, and the answer is XML', async (t) => {
  const shop = await tradingShop(t)
  for (const fields of [
    { bill_date: '20491231' },
    { bill_date: '20500103' },
    { bill_date: '20490101' },
    { bill_type: 'RECHARGE_REFUND' },
    { bill_date: '20500102' },
  ] as Record<string, string>[]) {
    const { status, body } = await trade(shop, fields)
    t.equal(status, 200)
    t.match(
      readXml(body.toString()),
      { return_code: 'FAIL', return_msg: 'No Bill Exist', error_code: '20002' },
      JSON.stringify(fields),
    )
  }
  const none = { return_code: 'SUCCESS', result_code: 'FAIL', err_code: 'NO_BILL_EXIST' }
  t.match(readXml((await flow(shop, { account_type: 'Fees' })).body.toString()), none)
})

t.test('the day counts in Beijing', async (t) => {
  const shop = await openShop(t)
  await shop.clock.advance(16 * 3_600_000 - 1000)
  await shop.order('billed-003')
  await shop.platforms.pay('billed-003')
  await shop.order('billed-004')
  await shop.clock.advance(1000)
  await shop.platforms.pay('billed-004')
  const numbers = async (day: string) =>
    readBill((await trade(shop, { bill_date: day })).body.toString()).rows.map((row) => row.商户订单号)
  t.strictSame(await numbers('20500101'), ['billed-003'])
  t.strictSame(await numbers('20500102'), ['billed-004'])
})

t.test('what a refund that was closed would have moved stands in no bill', async (t) => {
  const shop = await openShop(t)
  await shop.order('billed-005')
  await shop.platforms.pay('billed-005')
  await shop.refund('billed-005', 'R1', 500)
  await shop.platforms.finishRefund('R1', 'CLOSED')
  t.equal(readBill((await trade(shop)).body.toString()).rows.length, 1)
  t.equal(readBill((await flow(shop)).body.toString()).rows.length, 2)
})

t.test('bad requests and bad days of the bill itself', async (t) => {
  const shop = await tradingShop(t)
  const said = async (ask: typeof trade, fields: Record<string, string>) =>
    readXml((await ask(shop, fields)).body.toString())
  t.match(await said(trade, { bill_type: 'SOME' }), { return_code: 'FAIL', return_msg: 'invalid bill_type' })
  t.match(await said(trade, { bill_date: '2050-01-01' }), { return_msg: 'invalid bill_date' })
  t.match(await said(trade, { bill_date: '20500230' }), { return_msg: 'invalid bill_date' })
  t.match(await said(trade, { tar_type: 'ZIP' }), { return_msg: 'invalid tar_type' })
  t.match(await said(trade, { sign: 'wrong' }), { return_code: 'FAIL', return_msg: /签名错误/ })
  t.match(await said(flow, { account_type: 'Other' }), { result_code: 'FAIL', err_code: 'PARAM_ERROR' })
  const md5 = await shop.post('/pay/downloadfundflow', { bill_date: '20500101', account_type: 'Basic' })
  t.match(readXml(md5.body.toString()), { err_code: 'LACK_PARAMS', err_code_des: /sign_type/ })
  shop.platforms.faults.next('/pay/downloadbill', 'creating')
  t.match(await said(trade, {}), { return_msg: 'Bill Creating' })
  shop.platforms.faults.next('/pay/downloadbill', 'busy')
  t.match(await said(trade, {}), { return_msg: 'SYSTEMERROR' })
  shop.platforms.faults.next('/pay/downloadfundflow', 'creating')
  t.match(await said(flow, {}), { err_code: 'BILL_CREATING' })
  shop.platforms.faults.next('/pay/downloadbill', 'html')
  t.match(await trade(shop), { status: 502 })
  t.ok(isBill((await trade(shop)).body))
})
