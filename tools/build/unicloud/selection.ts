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

/**
 * The functions that `words` name, in the order of `configs`: a group, a function, `recommended` or `all`. Throws
 * {@link Refusal} for a word that names nothing, and for more functions than a space takes.
 */
export function selected(configs: readonly FunctionConfig[], words: readonly string[]): FunctionConfig[] {
  const chosen = new Set(words.flatMap((word) => namedBy(configs, word)))
  if (chosen.size > SPACE.functions) {
    throw new Refusal(
      `${chosen.size} functions are selected for uniCloud, and a space of Alibaba's takes ${SPACE.functions}, your own ` +
        `included. Leave some out: npm run build -- --unicloud ${RECOMMENDED} (the rest is called through openapi), or ` +
        'name groups and functions.',
    )
  }
  return configs.filter((config) => chosen.has(config))
}

function namedBy(configs: readonly FunctionConfig[], word: string): FunctionConfig[] {
  const found = configs.filter(
    (config) =>
      word === ALL ||
      word === config.name ||
      word === config.group ||
      (word === RECOMMENDED && isRecommended(config)),
  )
  if (found.length > 0) return found
  const groups = [...new Set(configs.map(({ group }) => group))].sort().join(', ')
  throw new Refusal(
    `--unicloud ${word}: no such function or group. There are the groups ${groups}, ${RECOMMENDED}, ${ALL}, and the ` +
      `functions ${configs.map(({ name }) => name).join(', ')}`,
  )
}
