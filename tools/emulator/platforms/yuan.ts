/** Fen as yuan with two decimals, as text. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** The fen in a text of yuan that has at most two decimals. */
export function fenIn(text: string): number {
  const [whole = '', cents = ''] = text.split('.')
  return Number(`${whole}${cents.padEnd(2, '0')}`)
}
