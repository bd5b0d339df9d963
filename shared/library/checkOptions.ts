import { invalidParam } from '../errors/index.js'
import type { OptionNames } from './options.js'

/** What is known of the options of a constructor. */
export interface KnownOptions {
  /** How it is called, for the error that nothing was given. */
  sample: string
  /** As dotted paths. */
  paths: readonly string[]
  /** What is to be said of names that are likely and wrong. */
  likely?: Readonly<Record<string, string>>
}

export const knownOptions = (
  sample: string,
  names: OptionNames,
  own: readonly string[],
  likely: Readonly<Record<string, string>> = {},
): KnownOptions => ({
  sample,
  likely,
  paths: [...Object.values(names), ...own],
})

/**
 * Refuses options there are none of, at any depth: a typing error in a name would be an option that silently does
 * nothing, an address that is not used for example. INVALID_PARAM.
 */
export function checkOptions(options: unknown, { sample, paths, likely = {} }: KnownOptions): void {
  checkObject(options, 'options', sample)
  checkLevel(options, paths, '', (name, known) => {
    if (Object.hasOwn(likely, name)) return likely[name]
    const meant = resembling(name, known) ?? known.find((each) => endsAlike(name, each))
    return `unknown option; known here: ${known.join(', ')}${meant === undefined ? '' : `; did you mean ${meant}?`}`
  })
}

/**
 * The same where the options are the whole content of a file of somebody else's, most of which is not for here: only
 * what resembles a known name is refused, since it was meant to be that.
 */
export function checkResembling(options: unknown, { sample, paths }: KnownOptions): void {
  checkObject(options, 'options', sample)
  checkLevel(options, paths, '', (name, known) => {
    const meant = resembling(name, known)
    return meant === undefined ? undefined : `unknown option; did you mean ${meant}?`
  })
}

type Complaint = (name: string, known: readonly string[]) => string | undefined

function checkLevel(given: object, paths: readonly string[], above: string, complaint: Complaint): void {
  const known = [...new Set(paths.map((path) => path.split('.')[0] ?? ''))]
  for (const [key, value] of Object.entries(given)) {
    const place = `${above}${key}`
    const problem = known.includes(key) ? undefined : complaint(key, known)
    if (problem !== undefined) throw invalidParam(place, problem)
    const below = paths.flatMap((path) => (path.startsWith(`${key}.`) ? path.slice(key.length + 1) : []))
    if (below.length === 0 || value === undefined || value === null) continue
    checkObject(value, place, `{ ${[...new Set(below.map((path) => path.split('.')[0]))].join(', ')} }`)
    checkLevel(value, below, `${place}.`, complaint)
  }
}

function checkObject(value: unknown, place: string, sample: string): asserts value is object {
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isPlain || value instanceof Date || value instanceof Uint8Array) {
    throw invalidParam(place, `expected an object, such as ${sample}`)
  }
}

/** The known name that was probably meant: the same but for case and hyphens, or for a letter or two of a long one. */
function resembling(name: string, known: readonly string[]): string | undefined {
  const bare = (text: string) => text.toLowerCase().replace(/[-_]/g, '')
  const allowed = name.length < 4 ? 0 : name.length < 8 ? 1 : 2
  return (
    known.find((each) => bare(each) === bare(name)) ??
    known.find((each) => each.length > 4 && distance(each, name) <= allowed)
  )
}

/** appSecret is what other systems call secret. */
const endsAlike = (name: string, known: string): boolean =>
  known.length > 4 && name.toLowerCase().endsWith(known.toLowerCase())

/** How many letters have to be put in, left out or changed to make one of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
