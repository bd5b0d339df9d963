import type { FunctionConfig } from '../../../shared/runtime/config.js'
import { editions, named } from '../../clouds/index.js'
import { Refusal, type Space } from './space.js'

export const RECOMMENDED = 'recommended'
const ALL = 'all'

/** Everything else is a call of `openapi` away, which saves the space's functions; login is what every user waits for. */
const isRecommended = ({ group, reach, every, operation }: FunctionConfig): boolean =>
  group === 'payment' ||
  reach === 'callback' ||
  every !== undefined ||
  operation === 'openapi' ||
  operation === 'auth.code2Session'

export interface Selection {
  functions: FunctionConfig[]
  /** Of the groups: what no space takes under its name. It is called through `openapi`. */
  leftOut: FunctionConfig[]
}

/**
 * The functions that `words` name, in the order of `configs`: a group, a function, `recommended` or `all`. Throws
 * {@link Refusal} for a word that names nothing, and for what a space does not take.
 */
export function select(
  configs: readonly FunctionConfig[],
  words: readonly string[],
  space: Space,
): Selection {
  const isTooLong = ({ name }: FunctionConfig): boolean => name.length > space.nameLength
  const chosen = new Set(words.flatMap((word) => namedBy(configs, word, space)))
  const functions = configs.filter((config) => chosen.has(config) && !isTooLong(config))
  if (functions.length > space.functions) throw tooMany(functions, space)
  return { functions, leftOut: configs.filter((config) => chosen.has(config) && isTooLong(config)) }
}

/** Names enough of those that `openapi` stands in for to bring the selection within the space. */
function tooMany(functions: readonly FunctionConfig[], { edition, functions: most }: Space): Refusal {
  const over = functions.length - most
  const dispensable = functions.filter((config) => !isRecommended(config)).map(({ name }) => name)
  return new Refusal(
    `${functions.length} functions are selected for uniCloud, and a space of this edition, ${edition}, takes ` +
      `${named(editions[edition].functions)}, your own included: ${over} too many. Leave out what openapi stands in ` +
      `for, such as ${dispensable.slice(0, Math.max(over, 3)).join(', ')}; npm run build -- --unicloud ${edition} ` +
      `${RECOMMENDED} leaves out all of it.`,
  )
}

function namedBy(configs: readonly FunctionConfig[], word: string, space: Space): FunctionConfig[] {
  const own = configs.find(({ name }) => name === word)
  if (own) {
    if (word.length <= space.nameLength) return [own]
    throw new Refusal(
      `${word} has ${word.length} characters, and Alibaba takes names of ${space.nameLength}: call it through openapi, ` +
        `{ api: '${own.operation}', data: { ... } }`,
    )
  }
  const found = configs.filter(
    (config) => word === ALL || word === config.group || (word === RECOMMENDED && isRecommended(config)),
  )
  if (found.length > 0) return found
  const groups = [...new Set(configs.map(({ group }) => group))].sort().join(', ')
  throw new Refusal(
    `--unicloud ${word}: no such function or group. There are the groups ${groups}, ${RECOMMENDED}, ${ALL}, and the ` +
      `functions ${configs.map(({ name }) => name).join(', ')}`,
  )
}
