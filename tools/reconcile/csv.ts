import { writeFile } from 'node:fs/promises'
import { stringify } from 'csv-stringify/sync'
import { type Fen, fenToYuan } from '../../shared/money.js'
import type { AccountResult } from './run.js'

/** In this order. Amounts in yuan, as bills write them. */
const columns = [
  ...['day', 'provider', 'merchantId', 'bill', 'type', 'state', 'outTradeNo', 'outRefundNo'],
  ...['transactionId', 'here', 'there', 'line', 'why'],
]

/**
 * All differences as CSV (RFC 4180, UTF-8 with a byte order mark). What merchants and payers wrote may begin with `=` or
 * `@`, which a spreadsheet would run: such a field gets an apostrophe in front.
 */
export const csvOf = (results: readonly AccountResult[]): string =>
  stringify(results.flatMap(rowsOf), {
    ...{ header: true, columns, bom: true, escape_formulas: true, record_delimiter: 'windows' },
  })

const rowsOf = ({ report, differences }: AccountResult) =>
  differences.map(({ here, there, resolved, bill, ...difference }) => ({
    ...{ day: report?.day, provider: report?.provider, merchantId: report?.merchantId },
    ...difference,
    ...{ bill: bill ?? 'trade', state: resolved ? 'resolved' : 'open' },
    ...{ here: yuan(here), there: yuan(there) },
  }))

/** No sign is ever in front: neither side's amount is negative. */
export const yuan = (amount: number | undefined): string =>
  amount === undefined ? '' : fenToYuan(amount as Fen)

/** Writes the file when there are any; whether there are. Readable for its owner alone, since it names orders. */
export async function writeCsv(file: string, results: readonly AccountResult[]): Promise<boolean> {
  if (results.every(({ differences }) => differences.length === 0)) return false
  await writeFile(file, csvOf(results), { mode: 0o600 })
  return true
}
