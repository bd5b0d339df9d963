import { beijingDay, DAY_MS } from '../../../../shared/clock.js'
import { yuan } from '../payment.js'

export { yuan } from '../payment.js'

/** A bill as WeChat Pay writes it: a table, and a second one of a single line that sums it up. */
export interface BillTable {
  head: readonly string[]
  rows: readonly (readonly string[])[]
  totalsHead: readonly string[]
  totals: readonly string[]
}

const BOM = '\ufeff'

/** Every value has a backquote in front of it; nothing is quoted, so that names may bring commas of their own. */
export function billText({ head, rows, totalsHead, totals }: BillTable): string {
  const line = (values: readonly string[]) => values.map((value) => `\`${oneLine(value)}`).join(',')
  const lines = [head.join(','), ...rows.map(line), totalsHead.join(','), line(totals)]
  return `${BOM}${lines.join('\r\n')}\r\n`
}

const oneLine = (value: string): string => value.replace(/[\r\n]+/g, ' ')

/** How bills write WeChat Pay's own charge: five decimals, of which the last three are always zero. */
export const chargeText = (fen: number): string => `${yuan(fen)}000`

/** Fen that WeChat Pay takes of a payment: 0.6 %, rounded to the nearest fen. */
export const charge = (fen: number): number => Math.floor((fen * 6 + 500) / 1000)

const KEPT_MS = 92 * DAY_MS

/** Whether `yyyyMMdd` is a day of the calendar. */
export function isDay(day: string): boolean {
  const at = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00+08:00`)
  return /^\d{8}$/.test(day) && Number.isFinite(at) && beijingDay(at) === day
}

/**
 * Whether there can be a bill of a day (`yyyyMMdd`): not of the future, and not of more than three months ago. Today
 * has one already, unlike at WeChat Pay, or nobody who tries it here would ever see one.
 */
export const isBillDay = (day: string, now: number): boolean =>
  day <= beijingDay(now) && day >= beijingDay(now - KEPT_MS)
