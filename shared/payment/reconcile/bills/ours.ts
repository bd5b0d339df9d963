import { beijingDay, DAY_MS, fromBeijing, MINUTE_MS } from '../../../clock.js'
import { keyFrom, paidKey, refundKey as refundedKey } from '../../../store/payments.js'
import type { OrderRecord, RefundEntry } from '../../../store/port.js'
import { refundOf } from '../../refunds/states.js'
import { type KeySet, paymentKey, refundKey } from './keySet.js'
import { reportId } from './reports.js'
import { askPayment, askRefund, orderOf, type Scene, siblings } from './scene.js'

/** Orders that are read at a time. */
const PAGE = 100

/** A refund that was sent so late in the day may have been accepted on the next one: its bill is waited for. */
const LATE_MS = 10 * MINUTE_MS

/** When the day of a report begins and ends, in milliseconds. */
export interface Day {
  from: number
  until: number
}

export const dayFrom = (from: number): Day => ({ from, until: from + DAY_MS })

/**
 * Looks for what was paid here on that day and is not in the bill. `goesOn`: whether there is time for another page; the
 * report's cursor says where the next call begins. False when it stopped before the end.
 */
export async function comparePaid(scene: Scene, seen: KeySet, day: Day, goesOn: GoesOn): Promise<boolean> {
  return pages(scene, {
    key: paidKey,
    goesOn,
    until: keyFrom(day.until),
    page: (account, key) => scene.store.orders.paidFrom(account, key, PAGE),
    async each(order) {
      if (seen.has(paymentKey(order.outTradeNo))) return
      const answer = await askPayment(scene, order)
      const { timeEnd = order.timeEnd } = answer ?? {}
      if (timeEnd !== undefined && timeEnd.slice(0, 8) !== beijingDay(day.from)) return
      const said = answer
        ? `the provider says ${answer.said}`
        : 'the provider does not know it, or could not be asked'
      const { outTradeNo, transactionId, totalFee: here } = order
      const why = `${order.state} here, and not in the bill; ${said}`
      await scene.keep({
        ...{ type: 'missing-there', outTradeNo, why, here },
        ...(transactionId === undefined ? {} : { transactionId }),
      })
    },
  })
}

/** The same for refunds that were asked for here. Alipay's stand on the day on which they were done. */
export async function compareRefunds(scene: Scene, seen: KeySet, day: Day, goesOn: GoesOn): Promise<boolean> {
  const { report } = scene
  if (report.cursor.key === 0 && report.cursor.system === 0) await compareCarried(scene, seen)
  return pages(scene, {
    key: refundedKey,
    goesOn,
    until: Number.POSITIVE_INFINITY,
    page: (account, key) => scene.store.orders.refundedFrom(account, key, PAGE),
    async each(order) {
      for (const entry of order.refunds) {
        const { outRefundNo } = entry
        if (!isOfDay(order, entry, day) || seen.has(refundKey(order.outTradeNo, outRefundNo))) continue
        if (entry.requestedAt >= day.until - LATE_MS) {
          report.carried.push({ outTradeNo: order.outTradeNo, outRefundNo })
        } else await missingRefund(scene, order, outRefundNo)
      }
    },
  })
}

type GoesOn = () => Promise<boolean>

interface Pages {
  key(order: OrderRecord): number | undefined
  /** From this number on it is another day's. */
  until: number
  goesOn: GoesOn
  page(account: { provider: string; merchantId: string }, key: number): Promise<OrderRecord[]>
  each(order: OrderRecord): Promise<void>
}

/** One of a merchant's systems after the other, each page by page: a call may end behind any page. */
async function pages(scene: Scene, { key, until, goesOn, page, each }: Pages): Promise<boolean> {
  const { report, provider } = scene
  const { cursor } = report
  const { merchantId } = provider
  const start = keyFrom(fromBeijing(report.day))
  for (const id of siblings(provider.id).slice(cursor.system)) {
    let done = new Set<string>()
    for (;;) {
      const found = await page({ provider: id, merchantId }, Math.max(start, cursor.key))
      const fresh = found.filter((order) => !done.has(order.outTradeNo) && (key(order) ?? until) < until)
      for (const order of fresh) await each(order)
      const last = found.at(-1)
      if (!last || fresh.length === 0 || found.length < PAGE) break
      cursor.key = key(last) ?? until
      // The next page begins with the same number.
      done = new Set(found.filter((order) => key(order) === cursor.key).map(({ outTradeNo }) => outTradeNo))
      if (!(await goesOn())) return false
    }
    cursor.system += 1
    cursor.key = 0
  }
  return true
}

/** States in which a provider has accepted a refund, so that its bill has it. */
const ACCEPTED: ReadonlySet<RefundEntry['state']> = new Set(['PROCESSING', 'SUCCEEDED', 'ABNORMAL'])

function isOfDay({ provider }: OrderRecord, entry: RefundEntry, { from, until }: Day): boolean {
  const { attempts, state, requestedAt, successTime } = entry
  if (attempts === 0 || !ACCEPTED.has(state)) return false
  const at = provider === 'alipay' && successTime !== undefined ? fromBeijing(successTime) : requestedAt
  return at >= from && at < until
}

async function missingRefund(scene: Scene, order: OrderRecord, outRefundNo: string): Promise<void> {
  const current = (await askRefund(scene, order, outRefundNo)) ?? order
  const entry = refundOf(current, outRefundNo)
  if (!entry || !ACCEPTED.has(entry.state)) return
  const { outTradeNo } = order
  const why = `${entry.state} here, and not in the bill`
  await scene.keep({ type: 'refund-missing', outTradeNo, outRefundNo, why, here: entry.refundFee })
}

/** What the report of the day before left to this day's bill. */
async function compareCarried(scene: Scene, seen: KeySet): Promise<void> {
  const { report, store } = scene
  const before = beijingDay(fromBeijing(report.day) - DAY_MS)
  const earlier = await store.reports.find(reportId({ ...report, day: before }))
  for (const { outTradeNo, outRefundNo } of earlier?.carried ?? []) {
    if (seen.has(refundKey(outTradeNo, outRefundNo))) continue
    const order = await orderOf(scene, outTradeNo)
    if (order) await missingRefund(scene, order, outRefundNo)
  }
}
