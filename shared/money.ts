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

/**
 * A decimal number as bills print it, such as `-0.18000`, as a whole number of its `places`th decimals: yuan at 2 places
 * are fen, charges at 5 places thousandths of a fen. NaN for everything else, more decimals than that among it. Bills
 * have millions of them, so it reads characters and builds no text.
 */
export function decimalAt(text: string, places: 2 | 5): number {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0
  let value = 0
  let at = start
  let digit = text.charCodeAt(at) - ZERO
  for (; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - ZERO) value = value * 10 + digit
  if (at === start || at - start > 13) return Number.NaN
  let missing: number = places
  if (at < text.length) {
    if (text.charCodeAt(at) !== POINT || at + 1 === text.length) return Number.NaN
    for (at += 1; at < text.length; at++, missing--) {
      digit = text.charCodeAt(at) - ZERO
      if (!(digit >= 0 && digit <= 9) || missing === 0) return Number.NaN
      value = value * 10 + digit
    }
  }
  for (; missing > 0; missing--) value *= 10
  return start === 1 ? 0 - value : value
}

const ZERO = 0x30
const MINUS = 0x2d
const POINT = 0x2e

/** Thousandths of a fen that a rate takes of an amount (fen), `rate` in hundredths of a percent; not rounded to fen. */
export const charged = (amount: number, rate: number): number => (amount * rate) / 10

/** What is left of an amount (fen) once a charge, in thousandths of a fen and of either sign, is taken from it. */
export const lessCharge = (amount: number, charge: number): number => amount - Math.abs(charge) / 1000

/** Running sums of whole numbers, one for each name; exact as long as {@link Tally.isExact}. */
export class Tally {
  readonly #sums: number[]

  constructor(readonly names: readonly string[]) {
    this.#sums = names.map(() => 0)
  }

  add(at: number, value: number): void {
    this.#sums[at] = (this.#sums[at] ?? 0) + value
  }

  /** The sum under a name; 0 for a name that nothing was added to. */
  of(name: string): number {
    return this.#sums[this.names.indexOf(name)] ?? 0
  }

  get isExact(): boolean {
    return this.#sums.every(Number.isSafeInteger)
  }
}

/** The sum, which may be above {@link MAX_FEN}. Exact: thousands of the largest amounts stay below 2^53. */
export const sumOf = (...amounts: readonly Fen[]): Fen =>
  amounts.reduce<number>((sum, amount) => sum + amount, 0) as Fen

/** What is left of an amount once a part of it is gone. */
export const restOf = (amount: Fen, gone: Fen): Fen => fen(amount - gone)

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value
}
