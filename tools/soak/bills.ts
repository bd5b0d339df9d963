import type { StoredDifference } from '../../shared/store/port.js'
import { succeeded } from '../demo/calls.js'
import type { Scene } from './scene.js'

export interface Bills {
  rows: number
  /** What a person would have to look at. */
  open: StoredDifference[]
  /** Bills that could not be had, or did not come to an end. */
  failed: string[]
  planted?: number
}

interface Bill {
  provider: string
  merchantId: string
  day: string
  state: string
  rows: number
  open: number
}

/** A bill that is long takes several calls; more than this many are too many. */
const MOST_CALLS = 50

/** Has the bills of these Beijing days compared, each from its beginning. */
export async function compareBills({ cloud, store }: Scene, days: Iterable<string>): Promise<Bills> {
  const bills: Bills = { rows: 0, open: [], failed: [] }
  for (const billDate of days) {
    let again = true
    for (let calls = 0; ; calls++) {
      const answer = succeeded(await cloud.call('billReconcile', { billDate, again }))
      again = false
      const done = answer.bills as Bill[]
      const isOver = done.length > 0 && done.every(({ state }) => state !== 'busy')
      for (const { provider, errMsg } of answer.failed as { provider: string; errMsg: string }[]) {
        bills.failed.push(`the bill of ${provider} for ${billDate}: ${errMsg}`)
      }
      if (!isOver && calls < MOST_CALLS) continue
      if (!isOver) bills.failed.push(`the bills for ${billDate} do not come to an end`)
      for (const bill of done) {
        bills.rows += bill.rows
        const id = `${bill.provider}:${bill.merchantId}:trade:${bill.day}`
        const differences = await store.reports.differences(id, -1, 500)
        const open = differences.filter(({ resolved }) => !resolved)
        bills.open.push(...open)
        if (open.length !== bill.open) bills.failed.push(`${id}: ${bill.open} open, ${open.length} kept`)
      }
      break
    }
  }
  return bills
}
