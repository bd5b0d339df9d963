import { isDeepStrictEqual } from 'node:util'
import type { Fields } from '../cloud/api.js'

/** One member of a body that is to become another. */
export interface Change {
  key: string
  /** For people; names of variables, never their values. */
  text: string
}

/** These are sets of the user's own names: what is not asked for has to go. Elsewhere the API adds members of its own. */
const WHOLE = new Set(['environmentVariables', 'routeConfig'])

/** The API does not tell a private key again, so it cannot be compared. */
const UNTOLD = new Set(['privateKey'])

/** What has to change for `current` to be as `desired` says. */
export function changesBetween(desired: Fields, current: Fields): Change[] {
  return Object.entries(desired).flatMap(([key, value]) => {
    const before = current[key]
    const isSame = WHOLE.has(key) ? sameWhole(value, before) : covers(value, before)
    return isSame ? [] : [{ key, text: textOf(key, value, before) }]
  })
}

function sameWhole(desired: unknown, current: unknown): boolean {
  return isDeepStrictEqual(desired, current) || (isEmpty(desired) && isEmpty(current))
}

/** Whether `current` has all that `desired` has; nothing and an empty something are the same. */
function covers(desired: unknown, current: unknown): boolean {
  if (isEmpty(desired) && isEmpty(current)) return true
  if (Array.isArray(desired)) return isDeepStrictEqual(desired, current)
  if (typeof desired !== 'object' || desired === null) return desired === current
  const fields = (current ?? {}) as Fields
  return Object.entries(desired).every(([key, value]) => UNTOLD.has(key) || covers(value, fields[key]))
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}

/** Without members that say nothing: whatever is made anew has nothing that they would empty. */
export const filled = (body: Fields): Fields =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => !isEmpty(value)))

/** What puts a member back that was changed to `desired`: the parts we set, as they were, and none that the API added. */
export function formerOf(key: string, desired: unknown, before: unknown): unknown {
  if (WHOLE.has(key)) return before ?? {}
  if (Array.isArray(desired) || typeof desired !== 'object' || desired === null) {
    return before ?? emptied(desired)
  }
  const fields = (before ?? {}) as Fields
  return Object.fromEntries(
    Object.entries(desired).map(([inner, value]) => [inner, formerOf(inner, value, fields[inner])]),
  )
}

/** A request that leaves a member out leaves it as it is, so what was not there is put back as empty. */
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return []
  if (typeof value === 'object') return {}
  return typeof value === 'string' ? '' : value
}

function textOf(key: string, desired: unknown, current: unknown): string {
  if (key === 'environmentVariables') return `environment ${variableNames(desired, current)}`
  if (key === 'certConfig' || key === 'routeConfig') return key === 'certConfig' ? 'certificate' : 'routes'
  if (typeof desired === 'object') return key
  return `${key} ${shown(current)} -> ${shown(desired)}`
}

const shown = (value: unknown): string => (isEmpty(value) ? 'none' : String(value))

function variableNames(desired: unknown, current: unknown): string {
  const [after, before] = [desired ?? {}, current ?? {}] as [Fields, Fields]
  const added = Object.keys(after).filter((name) => !(name in before))
  const changed = Object.keys(after).filter((name) => name in before && before[name] !== after[name])
  const gone = Object.keys(before).filter((name) => !(name in after))
  const named = (sign: string, names: string[]) => names.sort().map((name) => sign + name)
  return `(${[...named('+', added), ...named('~', changed), ...named('-', gone)].join(' ')})`
}
