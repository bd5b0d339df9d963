import { join } from 'node:path'
import t from 'tap'
import { amountOffences } from '../tools/lint/amounts.js'

const root = join(import.meta.dirname, '..')

/** Every line that ends with `// no` breaks the rule, and no other does. */
const planted = {
  'shared/payment/planted.ts': `
import { type Fen, fen, fenToYuan, sumOf } from '../money.js'
export function typed(paid: Fen, more: { given?: Fen }, list: Fen[]): unknown {
  let left: number = paid
  left -= paid // no
  const cent = paid * 0.01 // no
  const both = paid + paid // no
  const rest = (more.given ?? paid) % 3 // no
  const half = list.map((each) => each / 2) // no
  const sum = list.reduce((all, each) => all + each, 0) // no
  const shown = paid.toFixed(2) // no
  const rounded = Math.round(paid) // no
  const again = Number(paid) // no
  const negative = -paid // no
  const shifted = paid << 1 // no
  const fine = paid > (more.given ?? paid) && paid === list[0] && \`\${paid}\` !== String(paid)
  return [left, cent, both, rest, half, sum, shown, rounded, again, negative, shifted, fine, sumOf(...list), fenToYuan(paid)]
}
`,
  'shared/library/planted.ts': `
export function named(order: { totalFee: number; count: number }, wire: Record<string, string>, amount: number): unknown {
  const cent = order.totalFee * 100 // no
  const yuan = Number(wire['total_amount']) // no
  const other = Number.parseFloat(wire.total_amount ?? '') // no
  const whole = parseInt(wire.refund_fee ?? '', 10) // no
  const plus = +(wire.total_amount ?? 0) // no
  const shown = (amount ?? 0).toFixed(2) // no
  amount++ // no
  amount **= 2 // no
  const fine = order.count * 100 + Number(wire.count) + Math.round(order.count)
  return [cent, yuan, other, whole, plus, shown, fine, order.totalFee >= amount]
}
`,
}

const marked = Object.entries(planted).flatMap(([file, text]) =>
  text.split('\n').flatMap((line, at) => (line.endsWith('// no') ? [`${file}:${at + 1}`] : [])),
)

t.test('nobody but shared/money calculates with an amount, and whoever does is found', async (t) => {
  const found = amountOffences(root, planted).map(({ file, line }) => `${file}:${line}`)
  t.strictSame([...new Set(found)].sort(), marked.sort())
})
