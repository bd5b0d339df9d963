import { beijingDateTime } from '../../../../shared/clock.js'
import type { Line } from './billLines.js'
import type { BillTable } from './billTables.js'
import { encoded } from './charset.js'
import { zip } from './zip.js'

export interface BillWish {
  table: BillTable
  sellerId: string
  /** Milliseconds since the epoch: the beginning, and the end, which is no longer part of it. */
  from: number
  until: number
  /** As it stands in the names of the files, `20260131` or `202601`. */
  date: string
  /** When it was made. */
  now: number
}

/** The table and what it adds up to, as a ZIP of GBK files with GBK names; undefined when nothing happened. */
export function billFile(all: readonly Line[], wish: BillWish): Buffer | undefined {
  const { table, sellerId, date } = wish
  let balance = 0
  const booked = all.map((line) => {
    balance += line.amount
    return { line, balance }
  })
  const shown = booked.filter(({ line: { at } }) => at >= wish.from && at < wish.until)
  if (shown.length === 0) return undefined
  const lines = shown.map(({ line }) => line)
  const rows = shown.map(({ line, balance: left }) => table.columns.map(([, value]) => value(line, left)))
  const head = table.columns.map(([title]) => title)
  const details = text(wish, [head, ...rows], table.footer(lines))
  const totals = text(wish, [table.totalsHead, table.totals(lines)], [])
  const name = `${sellerId}0156_${date}_${table.name}`
  return zip([
    { name: encoded(`${name}(汇总).csv`, 'gbk'), content: encoded(totals, 'gbk') },
    { name: encoded(`${name}.csv`, 'gbk'), content: encoded(details, 'gbk') },
  ])
}

const chineseDate = (at: number): string => {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+) (.*)$/.exec(beijingDateTime(at)) ?? []
  return `${year}年${month}月${day}日 ${time}`
}

/** Values end in a tab, so that spreadsheets leave long numbers alone; commas inside them are not told apart. */
const row = (values: readonly string[]): string =>
  values.map((value) => `${value.replace(/[\r\n,]+/g, ' ')}\t`).join(',')

function text(
  { table, sellerId, from, until, now }: BillWish,
  [head = [], ...rows]: readonly (readonly string[])[],
  footer: readonly string[],
): string {
  const line = '-'.repeat(40)
  const lines = [
    `#支付宝${table.name}查询`,
    `#账号：[${sellerId}0156]`,
    `#起始日期：[${chineseDate(from)}]   终止日期：[${chineseDate(until)}]`,
    `#${line}${table.name}列表${line}`,
    head.join(','),
    ...rows.map(row),
    `#${line}${table.name}列表结束${line}`,
    ...footer,
    `#导出时间：[${chineseDate(now)}]`,
  ]
  return `${lines.join('\r\n')}\r\n`
}
