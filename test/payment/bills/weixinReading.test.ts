import { gzipSync } from 'node:zlib'
import t from 'tap'
import { weixinRows } from '../../../shared/payment/reconcile/bills/reading/weixin.js'
import { weixinFlow } from '../../../shared/payment/reconcile/bills/reading/weixinFlow.js'
import { weixinTrade } from '../../../shared/payment/reconcile/bills/reading/weixinTrade.js'
import { type BillSample, billSamples, collected, readBytes, refusal, type SampleRow } from './samples.js'

/** Layouts of WeChat Pay's bills, each with its right reading beside it. */

const rawOf = ({ file, sha1 }: BillSample) => ({ file: readBytes(file), ...(sha1 ? { sha1 } : {}) })

t.test('trade bills of every layout', async (t) => {
  const samples = billSamples('weixin', 'wx-trade')
  t.ok(samples.length >= 11)
  for (const sample of samples) {
    const reading = collected(weixinRows(rawOf(sample), weixinTrade))
    if (sample.state === 'broken') {
      t.equal(await refusal(reading), 'BILL_REFUSED', sample.file)
      continue
    }
    const { rows, summary } = await reading
    t.strictSame(rows, (sample.rows ?? []).map(trade), sample.file)
    t.equal(summary.totals.length > 0, sample.state === 'totals-differ', sample.file)
    t.equal(summary.sha1, sample.sha1)
    t.equal(summary.rows, rows.length)
  }
})

t.test('fund-flow bills', async (t) => {
  const samples = billSamples('weixin', 'wx-fundflow')
  t.ok(samples.length >= 3)
  for (const sample of samples) {
    const { rows, summary } = await collected(weixinRows(rawOf(sample), weixinFlow))
    t.strictSame(rows, (sample.rows ?? []).map(flow), sample.file)
    t.strictSame(summary.totals, [], sample.file)
  }
})

t.test('another file than was announced, and one cut anywhere', async (t) => {
  const file = readBytes('wx-trade-all.csv')
  const other = {
    file: Buffer.concat([file, Buffer.from('\n')]),
    sha1: '9c25f49e32f1242a948a9803539baaf883873919',
  }
  t.equal(await refusal(collected(weixinRows(other, weixinTrade))), 'BILL_REFUSED')
  const packed = gzipSync(file)
  for (let length = 0; length < packed.length; length += 7) {
    const cut = collected(weixinRows({ file: packed.subarray(0, length) }, weixinTrade))
    t.equal(await refusal(cut), 'BILL_REFUSED', `${length} bytes`)
  }
  const { rows } = await collected(weixinRows({ file: Buffer.concat([packed.subarray(0)]) }, weixinTrade))
  t.equal(rows.length, 7)
})

t.test('what is no amount, and rows of another width, refuse the whole bill', async (t) => {
  const text = readBytes('wx-trade-all.csv').toString()
  for (const [from, to] of [
    ['`59.90,', '`1e2,'],
    ['`59.90,', '`,'],
    ['`59.90,', '`5,990.00,'],
    ['`0.36000', '`0.360001'],
    ['`CMB_DEBIT', '`CMB_DEBIT,`'],
    ['交易状态', '交易状況'],
  ] as const) {
    const file = Buffer.from(text.replace(from, to))
    t.notSame(file, Buffer.from(text))
    t.equal(await refusal(collected(weixinRows({ file }, weixinTrade))), 'BILL_REFUSED', to)
  }
})

/** A sample's row in our shape. */
function trade(row: SampleRow, at: number) {
  const isRefund = row.kind === 'refund'
  return {
    ...{ kind: row.kind, line: at + 2 },
    time: row.refundApplyTime ?? row.time,
    ...{ appId: row.appId, mchId: row.mchId, currency: row.feeType },
    ...{ transactionId: row.transactionId, outTradeNo: row.outTradeNo },
    ...{ outRefundNo: row.outRefundNo ?? '', refundId: row.refundId ?? '' },
    status: isRefund ? row.refundStatus : row.tradeState,
    amount: isRefund ? row.refundFee : row.totalFee,
    settled: isRefund ? -Number(row.settlementRefundFee) : row.settlementTotalFee,
    hasCoupon: ((isRefund ? row.couponRefundFee : row.couponFee) ?? 0) !== 0,
    ...{ charge: row.feeMilliFen, rate: row.rate },
  }
}

const flow = (row: SampleRow, at: number) => ({
  line: at + 2,
  ...{ time: row.time, businessNo: row.bizTransactionId, flowNo: row.fundFlowId, type: row.bizType },
  moved: row.direction === 'out' ? -Number(row.amount) : row.amount,
  outNo: row.voucher ?? '',
})
