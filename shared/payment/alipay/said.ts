import { unverified } from '../../alipay/exchange.js'
import type { Fen } from '../../money.js'
import { yuanToFen } from '../../money.js'

/** What an authentic message says under a name of the wire. Alipay leaves out a field or leaves it empty alike. */
export type Said = (name: string) => string | undefined

export const saidIn =
  (fields: Readonly<Record<string, unknown>>): Said =>
  (name) => {
    const value = fields[name]
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' && value !== '' ? value : undefined
  }

export const saidInForm =
  (fields: ReadonlyMap<string, string>): Said =>
  (name) =>
    fields.get(name) || undefined

/** Yuan on the wire. Throws UNVERIFIED_ANSWER on a text that is no amount. */
export function amount(said: Said, name: string): Fen | undefined {
  const yuan = said(name)
  try {
    return yuan === undefined ? undefined : yuanToFen(yuan, name)
  } catch {
    throw unverified(`a ${name} that is no amount`)
  }
}

/** `yyyy-MM-dd HH:mm:ss`; notices add fractions of a second here and there. */
export const dateTime = (said: Said, name: string): string | undefined => said(name)?.slice(0, 19)
