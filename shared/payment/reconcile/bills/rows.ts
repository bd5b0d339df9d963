import type { Difference, OrderRecord } from '../../../store/port.js'
import { refundOf } from '../../refunds/states.js'
import { differs, judgeCharge, judgePayment, judgeRefund, type Verdict } from './judge.js'
import { type KeySet, paymentKey, refundedKey, refundKey, transactionKey } from './keySet.js'
import type { TradeRow } from './reading/row.js'
import { askPayment, askRefund, isOfSibling, orderOf, type Scene } from './scene.js'

/** Notes which payment or refund a row is about; false when an earlier row was about the same. */
export function mark(seen: KeySet, row: TradeRow): boolean {
  if (row.kind === 'other') return true
  if (row.kind === 'refund') {
    seen.add(refundedKey(row.refundId, row.transactionId, Math.abs(row.settled)))
    return seen.add(refundKey(row.outTradeNo, row.outRefundNo))
  }
  seen.add(transactionKey(row.transactionId))
  const isNew = seen.add(paymentKey(row.outTradeNo))
  // A payment that was reversed may stand there twice, as paid and as reversed.
  return isNew || row.kind === 'revoked'
}

/** Compares some rows with what stands here; `isNew` as {@link mark} said. */
export async function compareRows(
  scene: Scene,
  rows: readonly { row: TradeRow; isNew: boolean }[],
): Promise<void> {
  const orders = await Promise.all(rows.map(({ row }) => orderOf(scene, row.outTradeNo)))
  for (const [at, { row, isNew }] of rows.entries()) {
    const found = isNew
      ? await compare(scene, row, orders[at])
      : differs(row, 'duplicate', 'stands in the bill more than once, and counts once')
    const charge = judgeCharge(row)
    if (found) await scene.keep(found)
    if (charge) await scene.keep(charge)
    if (!found && !charge) scene.report.agreed += 1
  }
}

async function compare(
  scene: Scene,
  row: TradeRow,
  order: OrderRecord | undefined,
): Promise<Difference | undefined> {
  if (row.kind === 'other') return undefined
  if (!order) return unknownOrder(scene, row)
  if (judge(scene, row, order) === 'agrees') return undefined
  // An earlier row of the same batch may have changed the order since it was read.
  const current = (await orderOf(scene, row.outTradeNo)) ?? order
  const verdict = judge(scene, row, current)
  if (verdict === 'agrees') return undefined
  if (!('ask' in verdict)) return verdict
  return row.kind === 'refund'
    ? settledRefund(scene, row, current, verdict.ask)
    : settledPayment(scene, row, current, verdict.ask)
}

const judge = (scene: Scene, row: TradeRow, order: OrderRecord): Verdict =>
  row.kind === 'refund'
    ? judgeRefund(row, refundOf(order, row.outRefundNo))
    : judgePayment(row, order, isOurApp(scene, row))

/** Whether a row's application is one of the merchant's in the settings. */
function isOurApp({ provider }: Scene, { appId }: TradeRow): boolean {
  try {
    return appId === '' || provider.appIdFor(undefined, appId) === appId
  } catch {
    return false
  }
}

async function unknownOrder(scene: Scene, row: TradeRow): Promise<Difference | undefined> {
  if (await isOfSibling(scene, row.outTradeNo)) return undefined
  const amounts = { there: row.amount }
  if (!isOurApp(scene, row)) {
    return differs(row, 'foreign-app', `of ${row.appId}, which is no application here`, amounts)
  }
  return row.kind === 'refund'
    ? differs(row, 'refund-missing', 'a refund of an order that is unknown here', amounts)
    : differs(row, 'missing-here', 'paid there, and the order is unknown here', amounts)
}

/** A payment whose notice got lost is paid by the answer of the provider, and by nothing else. */
async function settledPayment(
  scene: Scene,
  row: TradeRow,
  order: OrderRecord,
  why: string,
): Promise<Difference> {
  const answer = await askPayment(scene, order)
  if (answer && judge(scene, row, answer.order) === 'agrees') {
    return { ...differs(row, 'state', `${why}; asked, and ${answer.order.state} now`), resolved: true }
  }
  return differs(
    row,
    'state',
    answer ? `${why}; asked, and it is ${answer.said} there` : `${why}; not settled`,
  )
}

async function settledRefund(
  scene: Scene,
  row: TradeRow,
  order: OrderRecord,
  why: string,
): Promise<Difference> {
  const known = refundOf(order, row.outRefundNo)
  const answer = await askRefund(scene, order, row.outRefundNo)
  const type = known ? 'state' : 'refund-missing'
  const entry = answer && refundOf(answer, row.outRefundNo)
  const after = judgeRefund(row, entry)
  if (after === 'agrees') {
    return { ...differs(row, type, `${why}; asked, and ${entry?.state} now`), resolved: true }
  }
  if ('type' in after) return after
  return differs(row, type, entry ? after.ask : `${why}; not settled`)
}
