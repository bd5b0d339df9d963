import { invalidParam } from './errors/index.js'

declare const unit: unique symbol

/** An amount of money: a whole number of fen (1/100 yuan), never a float. */
export type Fen = number & { readonly [unit]: 'fen' }

/** 10^12 fen, ten thousand million yuan: far above any provider's limit and far below 2^53. */
export const MAX_FEN = 1_000_000_000_000

/** Whole fen between 0 and {@link MAX_FEN}, or an error that names `field`. Accepts a number, never a text. */
export function fen(value: unknown, field = 'totalFee'): Fen {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_FEN) {
    return value as Fen
  }
  throw invalidParam(
    field,
    `expected a whole number of fen from 0 to ${MAX_FEN}, such as 100 for one yuan; got ${describe(value)}`,
  )
}

/** Fen as written in the providers' XML and JSON: decimal digits only. */
export function fenFromDigits(text: string, field: string): Fen {
  if (!/^\d{1,13}$/.test(text)) throw invalidParam(field, 'expected digits')
  return fen(Number(text), field)
}

/** Yuan with two decimals, as Alipay and the bills write it: `1999` becomes `'19.99'`. By text, never by division. */
export function fenToYuan(amount: Fen): string {
  const digits = String(amount).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** The reverse of {@link fenToYuan}; accepts zero to two decimals, refuses everything else. */
export function yuanToFen(text: string, field: string): Fen {
  const match = /^(\d{1,11})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) throw invalidParam(field, 'expected yuan with at most two decimals, such as 19.99')
  return fen(Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`), field)
}

/** The sum, which may be above {@link MAX_FEN}. Exact: thousands of the largest amounts stay below 2^53. */
export const sumOf = (...amounts: readonly Fen[]): Fen =>
  amounts.reduce<number>((sum, amount) => sum + amount, 0) as Fen

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value
}
