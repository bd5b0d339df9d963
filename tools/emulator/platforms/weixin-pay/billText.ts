import { yuan } from '../yuan.js'

export { yuan } from '../yuan.js'

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
