import { beijingCompact, beijingDateTime } from '../../clock.js'
import { readJson } from '../../json.js'
import { type Fen, fen } from '../../money.js'

/** A JSON object of WeChat Pay's. Read only after its signature was verified, and only by own names. */
export type Fields = Readonly<Record<string, unknown>>

/** A message that is authentic and yet cannot be used: `field` is missing, or not what it has to be. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete'

  constructor(readonly field: string) {
    super(`${field} is missing or not what it has to be`)
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object in these bytes; nothing when they hold no JSON object. */
export function parsedObject(bytes: Buffer): Fields | undefined {
  try {
    const value: unknown = readJson(bytes.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined

/** The object of that name; an empty one when it is not there. */
export function inner(fields: Fields, name: string): Fields {
  const value = own(fields, name)
  return isObject(value) ? value : {}
}

/** The objects in the list of that name. */
export function list(fields: Fields, name: string): Fields[] {
  const value = own(fields, name)
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** An empty text counts as none. Throws {@link Incomplete} when it is something else than text. */
export function text(fields: Fields, name: string): string | undefined {
  const value = own(fields, name)
  if (value === undefined || typeof value === 'string') return value || undefined
  throw new Incomplete(name)
}

export function requiredText(fields: Fields, name: string): string {
  const value = text(fields, name)
  if (value === undefined) throw new Incomplete(name)
  return value
}

/** A whole number of fen. Throws {@link Incomplete} for texts, fractions and what no payment can be. */
export function amount(fields: Fields, name: string): Fen | undefined {
  const value = own(fields, name)
  if (value === undefined) return undefined
  try {
    return fen(value, name)
  } catch {
    throw new Incomplete(name)
  }
}

/** One of `known`; {@link Incomplete} otherwise. */
export function oneOf<Known extends string>(fields: Fields, name: string, known: readonly Known[]): Known {
  const value = text(fields, name)
  const found = known.find((each) => each === value)
  if (found === undefined) throw new Incomplete(name)
  return found
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** An RFC 3339 time in milliseconds since the epoch. Throws {@link Incomplete} when it is none. */
export function instant(fields: Fields, name: string): number | undefined {
  const value = text(fields, name)
  if (value === undefined) return undefined
  const ms = RFC3339.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(ms)) throw new Incomplete(name)
  return ms
}

/** An RFC 3339 time as the reference documents write payments: `yyyyMMddHHmmss` in Beijing. */
export function compactTime(fields: Fields, name: string): string | undefined {
  const ms = instant(fields, name)
  return ms === undefined ? undefined : beijingCompact(ms)
}

/** An RFC 3339 time as the reference documents write refunds: `yyyy-MM-dd HH:mm:ss` in Beijing. */
export function dateTime(fields: Fields, name: string): string | undefined {
  const ms = instant(fields, name)
  return ms === undefined ? undefined : beijingDateTime(ms)
}
