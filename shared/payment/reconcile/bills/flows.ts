import { fromBeijing } from '../../../clock.js'
import { asOpenapiError } from '../../../errors/index.js'
import type { KeySet } from './keySet.js'
import { transactionKey } from './keySet.js'
import type { Day } from './ours.js'
import { alipayRows } from './reading/alipay.js'
import { alipayFlow } from './reading/alipayFlow.js'
import type { FlowRow } from './reading/row.js'
import { weixinRows } from './reading/weixin.js'
import { weixinFlow } from './reading/weixinFlow.js'
import type { Scene } from './scene.js'

/** What the movement of a payment is called; the list of the others is open, and theirs are in no trade bill. */
const PAYMENTS: ReadonlySet<string> = new Set(['交易', '在线支付', '交易付款'])

/** So close to midnight, in milliseconds, a payment and its movement may stand on two days. */
const MIDNIGHT_MS = 10 * 60_000

/**
 * Looks through all that moved on the account for payments that the trade bill does not have. Their money is there, so
 * that either bill is incomplete. A merchant whose contract or settings give no such bill is compared without it.
 */
export async function compareFlows(scene: Scene, seen: KeySet, day: Day): Promise<void> {
  const { provider, report, context } = scene
  const bill = await provider
    .fetchBill?.({ billDate: report.day, kind: 'fundflow' })
    .catch((error: unknown) => context.note('reconcile.noFlows', { errCode: asOpenapiError(error).errCode }))
  if (!bill) return
  const reading = provider.id === 'alipay' ? alipayRows(bill, alipayFlow) : weixinRows(bill, weixinFlow)
  const missing: FlowRow[] = []
  let step = await reading.next()
  for (; !step.done; step = await reading.next()) {
    missing.push(
      ...step.value.filter((row) => isPayment(row, day) && !seen.has(transactionKey(row.businessNo))),
    )
  }
  report.totals.push(...step.value.totals)
  for (const { businessNo: transactionId, outNo: outTradeNo, line, moved: there } of missing) {
    const why = 'its money came in, and it is not in the trade bill'
    await scene.keep({ type: 'missing-there', outTradeNo, transactionId, why, there, line })
  }
}

function isPayment({ type, moved, time }: FlowRow, { from, until }: Day): boolean {
  const at = fromBeijing(time)
  return PAYMENTS.has(type) && moved > 0 && at >= from + MIDNIGHT_MS && at < until - MIDNIGHT_MS
}
