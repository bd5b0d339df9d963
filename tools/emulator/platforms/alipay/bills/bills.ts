import { beijingDateTime, beijingDay } from '../../../../../shared/clock.js'
import type { Api } from '../../contract.js'
import { plainText } from '../../server/http.js'
import type { AlipayContext, Entry } from '../entry.js'
import { encoded } from '../form.js'
import { businessFailure, invalidParameter, matching, oneOf, textIn } from '../rules.js'
import { type BillTable, billTables, type Line, linesOf } from './tables.js'
import { zip } from './zip.js'

const PATH = '/downloadBillFile.resource'

/** Where the bill of a day or a month can be had, for half a minute. Today has one already, unlike at Alipay. */
export const billDownloadUrl: Entry = {
  method: 'alipay.data.dataservice.bill.downloadurl.query',
  faults: ['wrong-host'],
  content: {
    bill_type: { required: true, accepts: oneOf('trade', 'signcustomer', 'merchant_act') },
    bill_date: { required: true, accepts: matching(/^\d{4}-\d\d(-\d\d)?$/) },
  },
  otherwise: invalidParameter,
  answer({ content, request: { origin: requested } }, context, fault) {
    const type = textIn(content, 'bill_type') ?? ''
    const table = billTables[type]
    const span = spanOf(textIn(content, 'bill_date') ?? '')
    const { account, clock, trades, billFiles } = context
    const request = span && { ...span, sellerId: account.sellerId, now: clock.now() }
    const file = table && request && billFile(linesOf(trades), { ...request, table })
    if (!file) throw businessFailure('isp.bill_not_exist', '账单不存在')
    const origin = fault === 'wrong-host' ? 'https://bills.alipay.com.example.com' : requested
    return { bill_download_url: `${origin}${PATH}?bizType=${type}&token=${billFiles.keep(file)}` }
  },
}

/** A Beijing day or month; undefined when there is none such, or none yet with bills. */
function spanOf(date: string): { from: number; until: number; date: string } | undefined {
  const [year = 0, month = 0, day] = date.split('-').map(Number)
  const at = (days: number, months = 0) =>
    Date.parse(
      `${new Date(Date.UTC(year, month - 1 + months, days)).toISOString().slice(0, 10)}T00:00:00+08:00`,
    )
  const from = at(day ?? 1)
  const compact = date.replaceAll('-', '')
  if (year < 2016 || beijingDay(from).slice(0, compact.length) !== compact) return undefined
  return { from, until: day === undefined ? at(1, 1) : at(day + 1), date: compact }
}

/** The file itself, to whoever knows the address. */
export const billDownload = ({ billFiles }: AlipayContext): Api => ({
  name: 'alipay.billFile',
  path: PATH,
  faults: ['timeout', 'lost', 'html', 'truncated'],
  answer({ query: { token = '' } }) {
    const file = billFiles.find(token)
    if (!file) return plainText(403, 'the address has expired')
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: file }
  },
})

export interface BillRequest {
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
export function billFile(all: readonly Line[], request: BillRequest): Buffer | undefined {
  const { table, sellerId, date } = request
  let balance = 0
  const booked = (table.moved?.(all) ?? all).map((line) => {
    balance += line.amount
    return { line, balance }
  })
  const shown = booked.filter(({ line: { at } }) => at >= request.from && at < request.until)
  if (shown.length === 0) return undefined
  const lines = shown.map(({ line }) => line)
  const rows = shown.map(({ line, balance: left }) => table.columns.map(([, value]) => value(line, left)))
  const head = table.columns.map(([title]) => title)
  const details = text(request, table.name, [head, ...rows], table.footer(lines))
  const summary = table.name.replace('明细', '汇总')
  const totals = text(request, summary, [table.totalsHead, table.totals(lines)], [])
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
  { sellerId, from, until, now }: BillRequest,
  title: string,
  [head = [], ...rows]: readonly (readonly string[])[],
  footer: readonly string[],
): string {
  const line = '-'.repeat(40)
  const lines = [
    `#支付宝${title}查询`,
    `#账号：[${sellerId}0156]`,
    `#起始日期：[${chineseDate(from)}]   终止日期：[${chineseDate(until)}]`,
    `#${line}${title}列表${line}`,
    head.join(','),
    ...rows.map(row),
    `#${line}${title}列表结束${line}`,
    ...footer,
    `#导出时间：[${chineseDate(now)}]`,
  ]
  return `${lines.join('\r\n')}\r\n`
}
