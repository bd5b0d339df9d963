import { readFile } from 'node:fs/promises'
import { type EditionName, isEdition } from '../../clouds/index.js'
import type { ConfigCenter } from './manifest.js'
import { RECOMMENDED } from './selection.js'
import { Refusal } from './space.js'

/** What uniCloud is to get. */
export interface Choice {
  edition: EditionName
  /** Groups and functions, see `selection.ts`. */
  words: string[]
  configCenter: ConfigCenter
}

/**
 * What stands behind `--unicloud` on the command line: first the edition, where it is not Alibaba's, then groups and
 * functions. Throws {@link Refusal} for an option there is not.
 */
export function parseChoice(args: readonly string[]): Choice {
  const options = args.filter((arg) => arg.startsWith('-'))
  const unknown = options.find((option) => option !== '--uni-modules')
  if (unknown !== undefined) throw new Refusal(`${unknown}: no such option; --uni-modules is one`)
  const given = args.filter((arg) => !arg.startsWith('-'))
  const [first = ''] = given
  const words = isEdition(first) ? given.slice(1) : given
  return {
    edition: isEdition(first) ? first : 'aliyun',
    words: words.length > 0 ? words : [RECOMMENDED],
    configCenter: options.length > 0 ? 'uni_modules' : 'common',
  }
}

/** The choice made before: `npm test` and `npm run demo` build too, and are no reason to forget it. */
export async function rememberedChoice(file: string): Promise<Choice> {
  try {
    return { ...parseChoice([]), ...(JSON.parse(await readFile(file, 'utf8')) as Partial<Choice>) }
  } catch {
    return parseChoice([])
  }
}
