import type * as v from 'valibot'

/** The few names without an underscore that are two words in our answers. */
const JOINED: ReadonlyMap<string, string> = new Map([
  ['errcode', 'errCode'],
  ['errmsg', 'errMsg'],
])

export const camelCase = (key: string): string =>
  JOINED.get(key) ?? key.replace(/(?<=[^_])_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase())

/**
 * Renames an answer for the caller, deeply. `open` names the wire fields whose content is a user's own data and
 * is left as it came; `all` leaves the whole value. Keys are defined, not assigned: an answer with `__proto__` in it stays data.
 */
export function fromWire(value: unknown, open: readonly string[] | 'all' = []): unknown {
  if (open === 'all') return value
  if (Array.isArray(value)) return value.map((each) => fromWire(each, open))
  if (typeof value !== 'object' || value === null) return value
  const out: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    Object.defineProperty(out, camelCase(key), {
      value: open.includes(key) ? inner : fromWire(inner, open),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return out
}

type Wrapped = v.GenericSchema & {
  type: string
  wrapped?: v.GenericSchema
  item?: v.GenericSchema
  entries?: Record<string, v.GenericSchema>
}

/**
 * WeChat writes some numbers as texts, some texts as numbers (message ids, which a double cannot hold) and some flags
 * as 0 and 1, and not always the same way. Callers get the types that the declaration names; fields that it does not
 * name stay as they came.
 */
export function asDeclared(schema: v.GenericSchema, value: unknown): unknown {
  const { wrapped, item, entries, type } = schema as Wrapped
  if (wrapped) return asDeclared(wrapped, value)
  if (item && Array.isArray(value)) return value.map((each) => asDeclared(item, each))
  if (entries && typeof value === 'object' && value !== null) {
    const out: Record<string, unknown> = { ...value }
    for (const [key, field] of Object.entries(entries)) {
      if (Object.hasOwn(out, key)) out[key] = asDeclared(field, out[key])
    }
    return out
  }
  if (type === 'string' && typeof value === 'number') return String(value)
  if (type === 'number' && typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value)
  if (type === 'boolean' && (value === 0 || value === 1)) return value === 1
  return value
}
