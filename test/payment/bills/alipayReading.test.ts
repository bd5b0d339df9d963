import t from 'tap'
import { alipayRows } from '../../../shared/payment/reconcile/bills/reading/alipay.js'
import { alipayFlow } from '../../../shared/payment/reconcile/bills/reading/alipayFlow.js'
import { alipayTrade } from '../../../shared/payment/reconcile/bills/reading/alipayTrade.js'
import { zip } from '../../../tools/emulator/platforms/alipay/bills/zip.js'
import { encoded } from '../../../tools/emulator/platforms/alipay/form.js'
import { billSamples, collected, readBytes, refusal, type SampleRow } from './samples.js'

/** Alipay's bills, each with its right reading beside it. */

t.test('trade bills', async (t) => {
  const samples = billSamples('alipay', 'alipay-trade')
  t.ok(samples.length >= 2)
  for (const { file, rows = [] } of samples) {
    const found = await collected(alipayRows({ file: readBytes(file) }, alipayTrade))
    t.strictSame(found.rows, rows.map(trade), file)
    t.strictSame(found.summary.totals, [], file)
  }
})

t.test('account bills, of both layouts', async (t) => {
  const samples = billSamples('alipay', 'alipay-signcustomer')
  t.equal(samples.length, 2)
  for (const { file, rows = [] } of samples) {
    const found = await collected(alipayRows({ file: readBytes(file) }, alipayFlow))
    t.strictSame(
      found.rows.map(({ line, ...row }) => row),
      rows.map(flow),
      file,
    )
    t.strictSame(found.summary.totals, [], file)
  }
})

t.test('the page of an address that has expired, and archives that are cut', async (t) => {
  const page = collected(alipayRows({ file: readBytes('alipay-url-expired.html') }, alipayTrade))
  t.equal(await refusal(page), 'BILL_REFUSED')
  const whole = readBytes('alipay-trade-day.zip')
  for (let length = 0; length < whole.length; length += 11) {
    const cut = collected(alipayRows({ file: whole.subarray(0, length) }, alipayTrade))
    t.equal(await refusal(cut), 'BILL_REFUSED', `${length} bytes`)
  }
})

const bill = (
  row: string,
  { end = '#---业务明细列表结束---', totals = '1笔，商家实收共35.80元，商家优惠共0.00元' } = {},
) => {
  const text = [
    '#支付宝业务明细查询',
    '#---业务明细列表---',
    '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,商家实收（元）,商家优惠（元）,退款批次号/请求号,服务费（元）,备注',
    row,
    end,
    `#交易合计：${totals}`,
  ].join('\n')
  return { file: zip([{ name: encoded('明细.csv', 'gbk'), content: encoded(text, 'gbk') }]) }
}

const plain = '2026030122\t,A1\t,交易\t,茶,2026-03-01 09:59:58,2026-03-01 10:00:00,35.80,35.80,0.00,\t,-0.21,'

t.test('commas in a name and in a remark are found by the times', async (t) => {
  const expected = (await collected(alipayRows(bill(plain), alipayTrade))).rows
  const comma = plain.replace('茶', '茶,50克,2026')
  t.strictSame((await collected(alipayRows(bill(comma), alipayTrade))).rows, expected)
  t.strictSame((await collected(alipayRows(bill(`${comma}a,b,c`), alipayTrade))).rows, expected)
  for (const row of [
    comma.replace('09:59:58', '9:59'),
    plain.replace(',-0.21', ''),
    plain.replace('35.80', '1e2'),
  ]) {
    t.equal(await refusal(collected(alipayRows(bill(row), alipayTrade))), 'BILL_REFUSED', row)
  }
})

t.test('a list without its end, and sums that differ', async (t) => {
  t.equal(await refusal(collected(alipayRows(bill(plain, { end: '' }), alipayTrade))), 'BILL_REFUSED')
  const more = bill(plain, { totals: '1笔，商家实收共35.81元，商家优惠共0.00元' })
  t.match((await collected(alipayRows(more, alipayTrade))).summary.totals, [{ stated: 3581, found: 3580 }])
})

/** A sample's row in our shape. */
const trade = (row: SampleRow, at: number) => ({
  ...{ kind: row.kind, line: at + 6, time: row.finishTime, appId: '', mchId: '', currency: 'CNY' },
  ...{ transactionId: row.tradeNo, outTradeNo: row.outTradeNo },
  ...{ outRefundNo: row.outRefundNo ?? '', refundId: '', status: row.kind === 'refund' ? '退款' : '交易' },
  ...{ amount: Math.abs(Number(row.orderAmount)), settled: row.receiptAmount },
  hasCoupon: [row.alipayRedPacket, row.points, row.alipayDiscount].some((part) => part !== 0),
  ...{ charge: 0 - Number(row.serviceFee) * 1000, rate: '' },
})

const flow = (row: SampleRow) => ({
  ...{ time: row.time, businessNo: row.tradeNo, flowNo: row.accountLogId, type: row.businessType },
  moved: row.direction === 'out' ? -Number(row.amount) : row.amount,
  outNo: row.outTradeNo ?? '',
})
