import { beijingDay } from '../../../../shared/clock.js'
import type { Api } from '../contract.js'
import { plainText } from '../server.js'
import { billFile } from './billFile.js'
import { linesOf } from './billLines.js'
import { billTables } from './billTables.js'
import type { AlipayWorld, Entry } from './entry.js'
import { invalidParameter, refused } from './refusal.js'
import { matching, oneOf, textIn } from './rules.js'

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
  answer({ content, request }, world, fault) {
    const type = textIn(content, 'bill_type') ?? ''
    const table = billTables[type]
    const span = spanOf(textIn(content, 'bill_date') ?? '')
    const { account, clock, trades, billFiles } = world
    const wish = span && { ...span, sellerId: account.sellerId, now: clock.now() }
    const file = table && wish && billFile(linesOf(trades), { ...wish, table })
    if (!file) throw refused('isp.bill_not_exist', '账单不存在')
    const origin = fault === 'wrong-host' ? 'https://bills.alipay.com.example.com' : request.origin
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
export const billDownload = ({ billFiles }: AlipayWorld): Api => ({
  name: 'alipay.billFile',
  path: PATH,
  faults: ['timeout', 'lost', 'html', 'truncated'],
  answer({ query: { token = '' } }) {
    const file = billFiles.find(token)
    if (!file) return plainText(403, 'the address has expired')
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: file }
  },
})
