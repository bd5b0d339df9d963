import { invalidParam } from '../../errors/index.js'

/** Further fields of a request in the provider's own names, signed and sent as they are. For servers alone. */
export type Extra = Readonly<Record<string, unknown>>

/** What of a provider's request `extra` leaves alone. */
export interface ExtraRule {
  /** Dotted paths on the wire that parameters of ours fill, whether or not they are given. */
  own: readonly string[]
  /** All names there may be, for a request that may do harm with others. */
  only?: readonly string[]
}

const isMap = (value: unknown): value is Extra =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** INVALID_PARAM for a field that is ours, or that the request may not have. */
export function checkExtra({ own, only }: ExtraRule, extra: Extra): void {
  const taken = takenPath(own, extra)
  if (taken !== undefined) {
    throw invalidParam(`extra.${taken}`, 'is filled from a parameter of its own; give that one in its place')
  }
  const unknown = only && Object.keys(extra).find((name) => !only.includes(name))
  if (unknown !== undefined) {
    throw invalidParam(
      `extra.${unknown}`,
      `not in the provider's model of this request, which may do harm with others; known are ${only?.join(', ')}`,
    )
  }
}

/** The first path that is ours. An object may stand beside ours in the same place, as long as they share no name. */
function takenPath(own: readonly string[], extra: Extra, above = ''): string | undefined {
  for (const [name, value] of Object.entries(extra)) {
    const path = `${above}${name}`
    if (own.includes(path)) return path
    if (!own.some((each) => each.startsWith(`${path}.`))) continue
    const taken = isMap(value) ? takenPath(own, value, `${path}.`) : path
    if (taken !== undefined) return taken
  }
  return undefined
}

/** The request with the further fields behind its own, none of which changes. */
export function withExtra(own: object, extra: Extra = {}): object {
  const further = Object.entries(extra).flatMap(([name, value]) => {
    const ours = Object.hasOwn(own, name) ? (own as Extra)[name] : undefined
    if (ours === undefined) return [[name, value]]
    return isMap(ours) && isMap(value) ? [[name, withExtra(ours, value)]] : []
  })
  return { ...own, ...Object.fromEntries(further) }
}

/** The same where every value is a text: what is none is written as JSON, as V2 wants its nested fields. */
export const extraTexts = (extra: Extra = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )

const NAME = /^[a-z][a-z0-9_]{0,63}$/
const MAX_CHARACTERS = 8192
const MAX_DEPTH = 8
/** What neither XML nor a signed text can carry. */
const UNWRITABLE = /[^\P{Cc}\t\n\r]|\p{Cs}/u

/** Whether all of it can be sent, and kept and sent again as it was. */
export const isSendable = (extra: Extra): boolean =>
  Object.keys(extra).every((name) => NAME.test(name)) &&
  isJson(extra, MAX_DEPTH) &&
  JSON.stringify(extra).length <= MAX_CHARACTERS

function isJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !UNWRITABLE.test(value)
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'boolean') return true
  if (typeof value !== 'object' || value === null || depth === 0) return false
  return Object.values(value).every((each) => isJson(each, depth - 1))
}
