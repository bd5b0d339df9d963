type Row = Readonly<Record<string, string>>

/** Whether an answer is a bill, and not XML that says why there is none. */
export const isBill = (body: Buffer): boolean => !/^\s*</.test(body.toString())

/** Cuts at the comma and the backquote together, since names bring commas of their own. */
function valuesOf(line: string): string[] {
  if (!line.startsWith('`')) throw new Error(`no backquote leads: ${line}`)
  return line.slice(1).split(',`')
}

function rowOf(head: readonly string[], line: string): Row {
  const values = valuesOf(line)
  if (values.length !== head.length) throw new Error(`${values.length} values under ${head.length} heads`)
  return Object.fromEntries(head.map((name, at) => [name, values[at] ?? '']))
}

/** A bill as a person would read it. */
export function readBill(text: string): { rows: Row[]; totals: Row } {
  const lines = text.replace(/^\ufeff/, '').split('\r\n')
  if (lines.pop() !== '') throw new Error('the last line does not end')
  const totals = lines.splice(-2)
  const [head = '', ...rows] = lines
  const heads = head.split(',')
  return {
    rows: rows.map((line) => rowOf(heads, line)),
    totals: rowOf((totals[0] ?? '').split(','), totals[1] ?? ''),
  }
}
