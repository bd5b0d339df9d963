import { decimalAt, type Tally } from '../../../../money.js'
import { billRefused } from '../../../bill.js'
import type { TotalDifference } from './row.js'

/** Captions as they are compared: brackets of either width, backquotes and blanks aside. */
export const caption = (text: string): string =>
  text
    .replaceAll('（', '(')
    .replaceAll('）', ')')
    .replace(/[`\s\ufeff]/g, '')

/** Where the columns of a bill are: read by name, since layouts differ by year and by contract. */
export class Captions {
  readonly count: number
  readonly #names: readonly string[]

  constructor(fields: readonly string[]) {
    this.#names = fields.map(caption)
    this.count = fields.length
  }

  /** The first of these names that the bill has; -1 without any. */
  at(...names: string[]): number {
    return names.map((name) => this.#names.indexOf(name)).find((found) => found !== -1) ?? -1
  }

  /** The same where the bill is unreadable without it. BILL_REFUSED. */
  need(...names: string[]): number {
    const found = this.at(...names)
    if (found === -1) throw billRefused(`has no column ${names[0]}`)
    return found
  }
}

/** A number of a row. BILL_REFUSED, naming the line, for what is none. */
export function numberAt(text: string, places: 2 | 5, line: number): number {
  const value = decimalAt(text, places)
  if (Number.isNaN(value)) throw billRefused(`has something that is no amount in line ${line}`)
  return value
}

/** Where a bill's own sums differ from its rows. `stated` by name of the sum; a count may be written `20.0`. */
export function totalDifferences(
  found: Tally,
  stated: readonly { name: string; places: 0 | 2 | 5; text: string; caption: string }[],
): TotalDifference[] {
  if (!found.isExact) throw billRefused('has amounts that are too large')
  return stated.flatMap(({ name, places, text, caption }) => {
    const value = places === 0 ? decimalAt(text.replace(/\.0+$/, ''), 2) / 100 : decimalAt(text, places)
    if (Number.isNaN(value)) throw billRefused(`has something that is no number as ${caption}`)
    const sum = found.of(name)
    return sum === value ? [] : [{ caption, stated: value, found: sum }]
  })
}
