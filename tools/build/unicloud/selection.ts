import type { FunctionConfig } from '../../../shared/runtime/config.js'
import { Refusal, SPACE } from './space.js'

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
export function select(configs: readonly FunctionConfig[], words: readonly string[]): Selection {
  const chosen = new Set(words.flatMap((word) => namedBy(configs, word)))
  const functions = configs.filter((config) => chosen.has(config) && !isTooLong(config))
  if (functions.length > SPACE.functions) {
    throw new Refusal(
      `${functions.length} functions are selected for uniCloud, and a space of Alibaba's takes ${SPACE.functions}, your ` +
        `own included. Leave some out: npm run build -- --unicloud ${RECOMMENDED} (the rest is called through openapi), ` +
        'or name groups and functions.',
    )
  }
  return { functions, leftOut: configs.filter((config) => chosen.has(config) && isTooLong(config)) }
}

const isTooLong = ({ name }: FunctionConfig): boolean => name.length > SPACE.nameLength

function namedBy(configs: readonly FunctionConfig[], word: string): FunctionConfig[] {
  const own = configs.find(({ name }) => name === word)
  if (own) {
    if (!isTooLong(own)) return [own]
    throw new Refusal(
      `${word} has ${word.length} characters, and Alibaba takes names of ${SPACE.nameLength}: call it through openapi, ` +
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
