import type { ProviderId, RawBill } from '../../../provider.js'
import { alipayRows } from './alipay.js'
import { alipayFlow } from './alipayFlow.js'
import { alipayTrade } from './alipayTrade.js'
import type { BillRows, BillSummary, FlowRow, TradeRow } from './row.js'
import { weixinRows } from './weixin.js'
import { weixinFlow } from './weixinFlow.js'
import { weixinTrade } from './weixinTrade.js'

/** The rows of a provider's trade bill, some at a time. BILL_REFUSED for what cannot be read for certain. */
export const tradeRows = (provider: ProviderId, bill: RawBill): BillRows<TradeRow> =>
  provider === 'alipay' ? alipayRows(bill, alipayTrade) : weixinRows(bill, weixinTrade)

/** The same of the bill of all that moved on the account. */
export const flowRows = (provider: ProviderId, bill: RawBill): BillRows<FlowRow> =>
  provider === 'alipay' ? alipayRows(bill, alipayFlow) : weixinRows(bill, weixinFlow)

/** Reads a bill to its end, where its digest and its sums are compared; answers what there was of it. */
export async function readThrough<Row>(
  rows: BillRows<Row>,
  each: (row: Row) => void = () => undefined,
): Promise<BillSummary> {
  for (;;) {
    const step = await rows.next()
    if (step.done) return step.value
    for (const row of step.value) each(row)
  }
}
